//! `im.chat.updateColor`: changes the colour of a chat.

use readmark_app::chat::appearance::{self, AppearanceRefusal};
use readmark_model::{Scope, color::Color};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    methods::im::chat_param::{GroupChat, from_wrong_chat},
    params,
};

/// `im.chat.updateColor`.
pub struct ImChatUpdateColor;

params! {
    /// Parameters of `im.chat.updateColor`.
    pub struct ColorParams: ColorError {
        group chat: GroupChat;
        /// One of the sixteen colours, as `MINT`.
        required color: Color = "COLOR", or(WrongColor);
    }
}

error_set! {
    /// Errors of `im.chat.updateColor`.
    pub enum ColorError {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `DIALOG_ID` is not `chatN`.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// The caller is not a member or has no right to, or the chat follows an external object.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// `COLOR` is missing or not a colour.
        WrongColor = 400 "WRONG_COLOR" "This color currently unavailable",
        /// The chat has this colour, or there is no such chat.
        WrongRequest = 400 "WRONG_REQUEST" "This color currently set or chat doesn't exist",
    }
}

from_wrong_chat!(ColorError);

impl From<AppearanceRefusal> for ColorError {
    fn from(refusal: AppearanceRefusal) -> Self {
        match refusal {
            AppearanceRefusal::NoChat | AppearanceRefusal::Unchanged => Self::WrongRequest,
            AppearanceRefusal::NotAvailable
            | AppearanceRefusal::NoRight
            | AppearanceRefusal::Fixed => Self::NotAvailable,
        }
    }
}

impl Method for ImChatUpdateColor {
    const NAME: &'static str = "im.chat.updateColor";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes the colour of a chat.";
    type Params = ColorParams;
    type Output = bool;
    type Error = ColorError;

    fn call(cx: &mut MethodCx<'_>, params: &ColorParams) -> Answer<Self> {
        appearance::set_color(&mut cx.app, params.chat.0, params.color)
            .map_err(|refused| refused.map(ColorError::from))?;
        Ok(true.into())
    }
}
