//! `im.chat.updateTitle`: renames a chat.

use readmark_app::chat::{
    appearance::{self, AppearanceRefusal},
    group::cut_title,
};
use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{ParamType, ReadCx},
    },
    error_set,
    methods::im::chat_param::{GroupChat, from_wrong_chat},
    params,
    wire::Field,
};

/// `im.chat.updateTitle`.
pub struct ImChatUpdateTitle;

params! {
    /// Parameters of `im.chat.updateTitle`.
    pub struct TitleParams: TitleError {
        group chat: GroupChat;
        /// The title, of at most 255 characters.
        required title: String = "TITLE", by(title), kind(ParamType::String);
    }
}

error_set! {
    /// Errors of `im.chat.updateTitle`.
    pub enum TitleError {
        /// `CHAT_ID` is missing or not a positive whole number.
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

from_wrong_chat!(TitleError);

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
    type Params = TitleParams;
    type Output = bool;
    type Error = TitleError;

    fn call(cx: &mut MethodCx<'_>, params: &TitleParams) -> Answer<Self> {
        appearance::set_title(&mut cx.app, params.chat.0, &params.title)
            .map_err(|refused| refused.map(TitleError::from))?;
        Ok(true.into())
    }
}

fn title(field: Field<'_>, _: &ReadCx<'_>) -> Result<String, TitleError> {
    let title = cut_title(&field.as_text().unwrap_or_default());
    if title.is_empty() {
        return Err(TitleError::TitleEmpty);
    }
    Ok(title)
}
