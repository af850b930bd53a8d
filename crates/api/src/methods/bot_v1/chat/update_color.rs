//! `imbot.chat.updateColor`: a bot changes the colour of a chat, as `im.chat.updateColor` for users.

use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::{
        bot_v1::call::ForBot,
        im::chat::update_color::{ColorError as Inner, ImChatUpdateColor},
    },
};

/// `imbot.chat.updateColor`.
pub struct ImbotChatUpdateColor;

bot_v1_error_set! {
    /// Errors of `imbot.chat.updateColor`.
    pub enum BotColorError: "Bot was installed by another rest application" {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// The bot is not a member or has no right to, or the chat follows an external object.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// `COLOR` is missing or not a colour.
        WrongColor = 400 "WRONG_COLOR" "This color currently unavailable",
        /// The chat has this colour, or there is no such chat.
        WrongRequest = 400 "WRONG_REQUEST" "This color currently set or chat doesn't exist",
    }
}

impl From<Inner> for BotColorError {
    fn from(error: Inner) -> Self {
        match error {
            Inner::ChatIdEmpty | Inner::DialogIdEmpty => Self::ChatIdEmpty,
            Inner::NotAvailable => Self::NotAvailable,
            Inner::WrongColor => Self::WrongColor,
            Inner::WrongRequest => Self::WrongRequest,
        }
    }
}

impl Method for ImbotChatUpdateColor {
    const NAME: &'static str = "imbot.chat.updateColor";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes the colour of a chat as a bot.";
    type Params = ForBot<<ImChatUpdateColor as Method>::Params, BotColorError>;
    type Output = <ImChatUpdateColor as Method>::Output;
    type Error = BotColorError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        call.call::<ImChatUpdateColor>(cx)
    }
}
