//! `im.dialog.messages.get`: the messages of a chat in pages.

use readmark_app::message::history::{self, NoAccess, Page};
use readmark_model::{DialogId, MessageId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    objects::{file::FileObject, message::ClassicMessage, message_params, user::ClassicUser},
    wire::{IntField, Params},
};

const DEFAULT_LIMIT: i64 = 20;
const MAX_LIMIT: i64 = 50;

/// See the module.
pub struct ImDialogMessagesGet;

/// Parameters.
pub struct GetParams {
    dialog: DialogId,
    page: Page,
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GetOutput {
    /// The chat.
    pub chat_id: i64,
    /// The newest first; the oldest first where only `FIRST_ID` is given.
    pub messages: Vec<ClassicMessage>,
    /// Authors, mentioned users and those who reacted, in the order of ids.
    pub users: Vec<ClassicUser>,
    /// Files of the messages.
    pub files: Vec<FileObject>,
}

error_set! {
    /// Errors of `im.dialog.messages.get`.
    pub enum GetError {
        /// `DIALOG_ID` is missing, empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// `FIRST_ID` is given and no whole number.
        FirstIdString = 400 "FIRST_ID_STRING" "First ID can't be string",
        /// `LAST_ID` is given and no whole number.
        LastIdString = 400 "LAST_ID_STRING" "Last ID can't be string",
        /// There is no such chat, or the caller may not look into it.
        AccessError = 403 "ACCESS_ERROR" "You do not have access to the specified dialog",
    }
}

impl Method for ImDialogMessagesGet {
    const NAME: &'static str = "im.dialog.messages.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists the messages of a chat, notices included.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required(
            "DIALOG_ID",
            ParamType::String,
            "The dialog: `chatN`, `sgN`, or the id of a user.",
        ),
        ParamSpec::optional(
            "LAST_ID",
            ParamType::Integer,
            "Only messages before this one, the newest first.",
        ),
        ParamSpec::optional(
            "FIRST_ID",
            ParamType::Integer,
            "Only messages after this one, the oldest first; 0 begins at the first message.",
        ),
        ParamSpec::optional(
            "LIMIT",
            ParamType::Integer,
            "At most so many messages: 20 unless given, never more than 50.",
        ),
    ]];
    type Params = GetParams;
    type Output = GetOutput;
    type Error = GetError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<GetParams, GetError> {
        let dialog = parse::dialog(params, "DIALOG_ID")
            .ok_or(GetError::DialogIdEmpty)?
            .id;
        let after = bound(params, "FIRST_ID").ok_or(GetError::FirstIdString)?;
        let before = bound(params, "LAST_ID").ok_or(GetError::LastIdString)?;
        let limit = parse::limit(params, "LIMIT", DEFAULT_LIMIT, MAX_LIMIT);
        Ok(GetParams {
            dialog,
            page: Page {
                before,
                after,
                limit,
            },
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &GetParams) -> Answer<Self> {
        let history = history::list(&mut cx.app, params.dialog, params.page)
            .map_err(|refused| refused.map(|NoAccess| GetError::AccessError))?;
        let messages = history.messages.iter().map(|shown| &shown.message);
        let files = message_params::files_of(cx, messages)?;
        Ok(GetOutput {
            chat_id: history.chat.get(),
            messages: history
                .messages
                .iter()
                .map(|shown| ClassicMessage::new(shown, cx.portal))
                .collect(),
            users: history
                .users
                .iter()
                .map(|user| ClassicUser::new(user, cx.portal))
                .collect(),
            files,
        }
        .into())
    }
}

/// An id that may be left out; `None` when it is no whole number.
fn bound(params: &Params, name: &str) -> Option<Option<MessageId>> {
    match params.get(name).as_int() {
        IntField::Absent => Some(None),
        IntField::Valid(id) => Some(Some(MessageId(id))),
        IntField::Malformed => None,
    }
}
