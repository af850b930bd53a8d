//! `imbot.chat.user.delete`: a bot removes a member (rule R6), as `im.chat.user.delete` for users.

use readmark_app::chat::depart::{self, DepartRefusal};
use readmark_model::{ChatId, Scope, UserId};

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v1::call::ForBot,
    params,
};

/// `imbot.chat.user.delete`.
pub struct ImbotChatUserDelete;

params! {
    /// Parameters of `imbot.chat.user.delete`.
    pub struct RemoveParams: BotRemoveError {
        /// The chat's number.
        required chat: ChatId = "CHAT_ID", or(ChatIdEmpty);
        /// The member.
        required user: UserId = "USER_ID", or(UserIdEmpty);
    }
}

bot_v1_error_set! {
    /// Errors of `imbot.chat.user.delete`.
    pub enum BotRemoveError: "Bot was installed by another REST application" {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `USER_ID` is missing or not a positive whole number.
        UserIdEmpty = 400 "USER_ID_EMPTY" "User ID can't be empty",
        /// There is no such chat for the bot, or it is a private one.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// Members of a workgroup's chat follow the workgroup.
        Fixed = 403 "ACCESS_ERROR" "It is forbidden to delete users of this chat",
        /// The user owns the chat.
        OwnerStays = 403 "ACCESS_ERROR" "LEAVE_OWNER_FORBIDDEN",
        /// The bot may not remove others, or not this one, or the user is not a member.
        WrongRequest = 400 "WRONG_REQUEST" "You don't have access or user isn't a member of the chat",
    }
}

impl From<DepartRefusal> for BotRemoveError {
    fn from(refusal: DepartRefusal) -> Self {
        match refusal {
            DepartRefusal::NotAvailable => Self::NotAvailable,
            DepartRefusal::Fixed => Self::Fixed,
            DepartRefusal::OwnerStays => Self::OwnerStays,
            DepartRefusal::NoRight | DepartRefusal::NotMember => Self::WrongRequest,
        }
    }
}

impl Method for ImbotChatUserDelete {
    const NAME: &'static str = "imbot.chat.user.delete";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Removes a member from a chat as a bot.";
    type Params = ForBot<RemoveParams, BotRemoveError>;
    type Output = bool;
    type Error = BotRemoveError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        let wanted = call.enter(cx)?;
        depart::remove(&mut cx.app, wanted.chat, wanted.user)
            .map_err(|refused| refused.map(BotRemoveError::from))?;
        Ok(true.into())
    }
}
