//! `im.chat.updateColor`: changes the colour of a chat.

use readmark_app::chat::appearance::{self, AppearanceRefusal};
use readmark_model::{ChatId, Scope, color::Color};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    wire::Params,
};

/// See the module.
pub struct ImChatUpdateColor;

/// Parameters.
pub struct ColorParams {
    chat: ChatId,
    color: Color,
}

error_set! {
    /// Errors of `im.chat.updateColor`.
    pub enum ColorError {
        /// `CHAT_ID` is missing or no positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `DIALOG_ID` is not `chatN`.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// The caller is no member or has no right to, or the chat follows an external object.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// `COLOR` is missing or no colour.
        WrongColor = 400 "WRONG_COLOR" "This color currently unavailable",
        /// The chat has this colour, or there is no such chat.
        WrongRequest = 400 "WRONG_REQUEST" "This color currently set or chat doesn't exist",
    }
}

parse::from_group_param!(ColorError);

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
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "CHAT_ID",
            ParamType::Integer,
            "The chat's number; this or `DIALOG_ID` is needed.",
        ),
        ParamSpec::optional("DIALOG_ID", ParamType::String, "The chat as `chatN`."),
        ParamSpec::required(
            "COLOR",
            ParamType::String,
            "One of the sixteen colours, as `MINT`.",
        ),
    ]];
    type Params = ColorParams;
    type Output = bool;
    type Error = ColorError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Self::Params, ColorError> {
        let chat = parse::group_chat(params)?;
        let name = params.get("COLOR").as_text().unwrap_or_default();
        let color = Color::from_name(&name).ok_or(ColorError::WrongColor)?;
        Ok(ColorParams { chat, color })
    }

    fn call(cx: &mut MethodCx<'_>, params: &Self::Params) -> Answer<Self> {
        appearance::set_color(&mut cx.app, params.chat, params.color)
            .map_err(|refused| refused.map(ColorError::from))?;
        Ok(true.into())
    }
}
