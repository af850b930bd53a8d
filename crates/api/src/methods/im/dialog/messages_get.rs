//! `im.dialog.messages.get`: the messages of a chat, in pages.

use readmark_app::message::history::{self, NoAccess, Page};
use readmark_model::{MessageId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    methods::im::other_names::{DialogOrChat, from_not_named},
    objects::{file::FileObject, message::ClassicMessage, message_params, user::ClassicUser},
    params,
};

const DEFAULT_LIMIT: i64 = 20;
const MAX_LIMIT: i64 = 50;

/// `im.dialog.messages.get`.
pub struct ImDialogMessagesGet;

params! {
    /// Parameters of `im.dialog.messages.get`.
    pub struct GetParams: GetError {
        group dialog: DialogOrChat;
        /// Only messages after this one, the oldest first; 0 begins at the first message.
        optional after: Option<i64> = "FIRST_ID", or(FirstIdString);
        /// Only messages before this one, the newest first.
        optional before: Option<i64> = "LAST_ID", or(LastIdString);
        /// Messages on a page: 20 when left out, 50 at most.
        optional limit: i64 = "LIMIT", limit(DEFAULT_LIMIT, MAX_LIMIT);
    }
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
        /// `FIRST_ID` is given and not a whole number.
        FirstIdString = 400 "FIRST_ID_STRING" "First ID can't be string",
        /// `LAST_ID` is given and not a whole number.
        LastIdString = 400 "LAST_ID_STRING" "Last ID can't be string",
        /// There is no such chat, or the caller may not look into it.
        AccessError = 403 "ACCESS_ERROR" "You do not have access to the specified dialog",
    }
}

from_not_named!(GetError, DialogIdEmpty);

impl Method for ImDialogMessagesGet {
    const NAME: &'static str = "im.dialog.messages.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists the messages of a chat, notices included.";
    type Params = GetParams;
    type Output = GetOutput;
    type Error = GetError;

    fn call(cx: &mut MethodCx<'_>, params: &GetParams) -> Answer<Self> {
        let page = Page {
            before: params.before.map(MessageId),
            after: params.after.map(MessageId),
            limit: params.limit,
        };
        let history = history::list(&mut cx.app, params.dialog.0, page)
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
