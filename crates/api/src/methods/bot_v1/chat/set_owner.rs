//! `imbot.chat.setOwner`: a bot transfers ownership of a chat, as `im.chat.setOwner` for users.

use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::{
        bot_v1::call::ForBot,
        im::chat::set_owner::{ImChatSetOwner, OwnerError as Inner},
    },
};

/// `imbot.chat.setOwner`.
pub struct ImbotChatSetOwner;

bot_v1_error_set! {
    /// Errors of `imbot.chat.setOwner`.
    pub enum BotOwnerError: "Bot was installed by another rest application" {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `USER_ID` is missing or not a positive whole number.
        UserIdEmpty = 400 "USER_ID_EMPTY" "User ID can't be empty",
        /// There is no such chat for the bot, or it has no owner to be changed.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// The bot does not own the chat, or the user is not a member of it.
        WrongRequest = 400 "WRONG_REQUEST" "Change owner can only owner and user must be member in chat",
    }
}

impl From<Inner> for BotOwnerError {
    fn from(error: Inner) -> Self {
        match error {
            Inner::ChatIdEmpty | Inner::DialogIdEmpty => Self::ChatIdEmpty,
            Inner::UserIdEmpty => Self::UserIdEmpty,
            Inner::NotAvailable => Self::NotAvailable,
            Inner::WrongRequest => Self::WrongRequest,
        }
    }
}

impl Method for ImbotChatSetOwner {
    const NAME: &'static str = "imbot.chat.setOwner";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Transfers a chat that a bot owns to a member.";
    type Params = ForBot<<ImChatSetOwner as Method>::Params, BotOwnerError>;
    type Output = <ImChatSetOwner as Method>::Output;
    type Error = BotOwnerError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        call.call::<ImChatSetOwner>(cx)
    }
}
