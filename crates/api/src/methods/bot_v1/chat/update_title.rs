//! `imbot.chat.updateTitle`: a bot renames a chat, as `im.chat.updateTitle` for users.

use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::{
        bot_v1::call::ForBot,
        im::chat::update_title::{ImChatUpdateTitle, TitleError as Inner},
    },
};

/// `imbot.chat.updateTitle`.
pub struct ImbotChatUpdateTitle;

bot_v1_error_set! {
    /// Errors of `imbot.chat.updateTitle`.
    pub enum BotTitleError: "Bot was installed by another rest application" {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `TITLE` is missing, or nothing but white space.
        TitleEmpty = 400 "TITLE_EMPTY" "Title can't be empty",
        /// There is no such chat, it is a private one, or the bot has no right to rename it.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// The title follows the external object of the chat.
        Fixed = 403 "ACCESS_ERROR" "This chat cannot be renamed",
    }
}

impl From<Inner> for BotTitleError {
    fn from(error: Inner) -> Self {
        match error {
            Inner::ChatIdEmpty | Inner::DialogIdEmpty => Self::ChatIdEmpty,
            Inner::TitleEmpty => Self::TitleEmpty,
            Inner::NotAvailable => Self::NotAvailable,
            Inner::Fixed => Self::Fixed,
        }
    }
}

impl Method for ImbotChatUpdateTitle {
    const NAME: &'static str = "imbot.chat.updateTitle";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Renames a chat as a bot.";
    type Params = ForBot<<ImChatUpdateTitle as Method>::Params, BotTitleError>;
    type Output = <ImChatUpdateTitle as Method>::Output;
    type Error = BotTitleError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        call.call::<ImChatUpdateTitle>(cx)
    }
}
