//! `im.message.update`: changes a message of one's own (rule R9).

use readmark_app::message::{
    delete::CannotEdit,
    update::{self, Edit},
};
use readmark_model::{MessageId, Scope, UserId};

use crate::{
    content::{self, Change, ContentError},
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    objects::message_params::ParamChanges,
    wire::Params,
};

/// See the module.
pub struct ImMessageUpdate;

/// Parameters.
pub struct UpdateParams {
    message: MessageId,
    text: Option<String>,
    params: ParamChanges,
    /// Whether a new attachment marks the message as edited.
    mark_edited: bool,
}

error_set! {
    /// Errors of `im.message.update`.
    pub enum UpdateError {
        /// `MESSAGE_ID` is missing or no positive whole number.
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

impl UpdateParams {
    /// Reads the parameters; `bot` is the bot whose commands are meant where buttons name none.
    pub(crate) fn read(params: &Params, bot: Option<UserId>) -> Result<Self, UpdateError> {
        let message = parse::message(params, "MESSAGE_ID").ok_or(UpdateError::MessageIdError)?;
        let attach = content::attach(params.get("ATTACH").raw())?;
        let mark_edited = attach != Change::Keep && parse::flag(params, "IS_EDITED", true);
        Ok(Self {
            message,
            text: params
                .get("MESSAGE")
                .as_text()
                .map(|text| text.into_owned()),
            params: ParamChanges {
                attach,
                keyboard: content::keyboard(params.get("KEYBOARD").raw(), bot)?,
                menu: content::menu(params.get("MENU").raw(), bot)?,
                url_preview: params.get("URL_PREVIEW").as_bool(),
            },
            mark_edited,
        })
    }
}

impl Method for ImMessageUpdate {
    const NAME: &'static str = "im.message.update";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes the text and the parameters of a message of one's own.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("MESSAGE_ID", ParamType::Integer, "The message."),
        ParamSpec::optional(
            "MESSAGE",
            ParamType::String,
            "The new text; an empty one deletes the message, none keeps the text.",
        ),
        ParamSpec::optional(
            "ATTACH",
            ParamType::Object,
            "The new attachment; `N` or an empty one removes it.",
        ),
        ParamSpec::optional(
            "KEYBOARD",
            ParamType::Object,
            "The new buttons; `N` or empty ones remove them.",
        ),
        ParamSpec::optional(
            "MENU",
            ParamType::Object,
            "The new items of the context menu; `N` or empty ones remove them.",
        ),
        ParamSpec::optional(
            "URL_PREVIEW",
            ParamType::Boolean,
            "`N` shows links as they are.",
        ),
        ParamSpec::optional(
            "IS_EDITED",
            ParamType::Boolean,
            "`N` does not mark the message as edited when only `ATTACH` changes; a new text always does.",
        ),
    ]];
    type Params = UpdateParams;
    type Output = bool;
    type Error = UpdateError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<UpdateParams, UpdateError> {
        UpdateParams::read(params, None)
    }

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        let edit = Edit {
            text: params.text.as_deref(),
            revise: &|stored, text_changes| {
                params
                    .params
                    .revise(stored, text_changes || params.mark_edited)
            },
        };
        update::update(&mut cx.app, params.message, &edit)
            .map_err(|refused| refused.map(|CannotEdit| UpdateError::CantEditMessage))?;
        Ok(true.into())
    }
}
