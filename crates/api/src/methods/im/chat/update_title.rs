//! `im.chat.updateTitle`: renames a chat.

use readmark_app::chat::{
    appearance::{self, AppearanceRefusal},
    group::cut_title,
};
use readmark_model::{ChatId, Scope};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    wire::Params,
};

/// See the module.
pub struct ImChatUpdateTitle;

/// Parameters.
pub struct TitleParams {
    chat: ChatId,
    title: String,
}

error_set! {
    /// Errors of `im.chat.updateTitle`.
    pub enum TitleError {
        /// `CHAT_ID` is missing or no positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `DIALOG_ID` is not `chatN`.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// `TITLE` is missing, or nothing but white space.
        TitleEmpty = 400 "TITLE_EMPTY" "Title can't be empty",
        /// There is no such chat, it is a private one, or the caller has no right to rename it.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// The title follows the external object of the chat.
        Fixed = 403 "ACCESS_ERROR" "This chat cannot be renamed",
    }
}

parse::from_group_param!(TitleError);

impl From<AppearanceRefusal> for TitleError {
    fn from(refusal: AppearanceRefusal) -> Self {
        match refusal {
            AppearanceRefusal::Fixed => Self::Fixed,
            AppearanceRefusal::NoChat
            | AppearanceRefusal::NotAvailable
            | AppearanceRefusal::NoRight
            | AppearanceRefusal::Unchanged => Self::NotAvailable,
        }
    }
}

impl Method for ImChatUpdateTitle {
    const NAME: &'static str = "im.chat.updateTitle";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Renames a chat.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "CHAT_ID",
            ParamType::Integer,
            "The chat's number; this or `DIALOG_ID` is needed.",
        ),
        ParamSpec::optional("DIALOG_ID", ParamType::String, "The chat as `chatN`."),
        ParamSpec::required(
            "TITLE",
            ParamType::String,
            "The title, of at most 255 characters.",
        ),
    ]];
    type Params = TitleParams;
    type Output = bool;
    type Error = TitleError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Self::Params, TitleError> {
        let chat = parse::group_chat(params)?;
        let title = params
            .get("TITLE")
            .as_text()
            .map(|title| cut_title(&title))
            .unwrap_or_default();
        if title.is_empty() {
            return Err(TitleError::TitleEmpty);
        }
        Ok(TitleParams { chat, title })
    }

    fn call(cx: &mut MethodCx<'_>, params: &Self::Params) -> Answer<Self> {
        appearance::set_title(&mut cx.app, params.chat, &params.title)
            .map_err(|refused| refused.map(TitleError::from))?;
        Ok(true.into())
    }
}
