//! `im.message.update`: changes the caller's own message (rule R9).

use readmark_app::{
    Refused,
    message::{
        delete::CannotEdit,
        update::{self, Edit},
    },
};
use readmark_model::{MessageId, Scope, UserId};

use crate::{
    content::{Change, ContentError},
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::ParamType,
    },
    error_set,
    methods::shared::{content::ContentParams, text},
    params,
};

/// `im.message.update`.
pub struct ImMessageUpdate;

params! {
    /// Parameters of `im.message.update`.
    pub struct UpdateParams: UpdateError {
        /// The message.
        required message: MessageId = "MESSAGE_ID" | "ID", or(MessageIdError);
        /// The new text; an empty one deletes the message, none keeps the text.
        optional text: Option<String> = "MESSAGE", by(text::given), kind(ParamType::String);
        group content: ContentParams;
        /// `N` shows links as they are.
        optional url_preview: Option<bool> = "URL_PREVIEW", typed;
        /// `N` does not mark the message as edited when only `ATTACH` changes; a new text always does.
        optional mark_edited: bool = "IS_EDITED", default(true);
    }
}

error_set! {
    /// Errors of `im.message.update`.
    pub enum UpdateError {
        /// `MESSAGE_ID` is missing or not a positive whole number.
        MessageIdError = 400 "MESSAGE_ID_ERROR" "Message ID can't be empty",
        /// There is no such message, it is deleted, a notice or another's, cannot be seen, or the portal's edit period is over.
        CantEditMessage = 403 "CANT_EDIT_MESSAGE" "Time has expired for modification or you don't have access",
        /// `ATTACH` is not built as documented.
        AttachError = 400 "ATTACH_ERROR" "Incorrect attach params",
        /// `ATTACH` is longer than 60,000 characters.
        AttachOversize = 400 "ATTACH_OVERSIZE" "You have exceeded the maximum allowable size of attach",
        /// `KEYBOARD` is not built as documented.
        KeyboardError = 400 "KEYBOARD_ERROR" "Incorrect keyboard params",
        /// `KEYBOARD` is longer than 60,000 characters.
        KeyboardOversize = 400 "KEYBOARD_OVERSIZE" "You have exceeded the maximum allowable size of keyboard",
        /// `MENU` is not built as documented. The lower case is the documented one.
        MenuError = 400 "menu_ERROR" "Incorrect menu params",
        /// `MENU` is longer than 60,000 characters.
        MenuOversize = 400 "MENU_OVERSIZE" "You have exceeded the maximum allowable size of menu",
    }
}

impl From<ContentError> for UpdateError {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::Attach => Self::AttachError,
            ContentError::AttachOversize => Self::AttachOversize,
            ContentError::Keyboard => Self::KeyboardError,
            ContentError::KeyboardOversize => Self::KeyboardOversize,
            ContentError::Menu => Self::MenuError,
            ContentError::MenuOversize => Self::MenuOversize,
        }
    }
}

impl Method for ImMessageUpdate {
    const NAME: &'static str = "im.message.update";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Changes the text and the parameters of the caller's own message.";
    type Params = UpdateParams;
    type Output = bool;
    type Error = UpdateError;

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        change(cx, params, None)?;
        Ok(true.into())
    }
}

/// Changes the message. Buttons without a bot call commands of `bot`, if a bot changes its message.
///
/// # Errors
/// [`UpdateError`].
pub fn change(
    cx: &mut MethodCx<'_>,
    params: &UpdateParams,
    bot: Option<UserId>,
) -> Result<(), Refused<UpdateError>> {
    let changes = params
        .content
        .changes(bot, params.url_preview)
        .map_err(|error| Refused::Because(error.into()))?;
    let edit = Edit {
        text: params.text.as_deref(),
        params: &changes,
        mark_edited: params.mark_edited && changes.attach != Change::Keep,
    };
    update::update(&mut cx.app, params.message, &edit)
        .map_err(|refused| refused.map(|CannotEdit| UpdateError::CantEditMessage))
}
