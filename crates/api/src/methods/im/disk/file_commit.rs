//! `im.disk.file.commit`: sends a message with files visible to the caller, of other chats or of the caller's drive.

use std::collections::{BTreeMap, BTreeSet};

use readmark_app::{
    Refused,
    disk::{
        self,
        send::{self, ChatRefusal, CommitRefusal},
    },
};
use readmark_model::{FileId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{Ignored, ParamType, ReadCx},
    },
    error_set,
    methods::im::chat_param::{AnyChat, from_wrong_chat},
    objects::file::{FileModel, FileObject},
    params,
    wire::Field,
};

/// `im.disk.file.commit`.
pub struct ImDiskFileCommit;

params! {
    /// Parameters of `im.disk.file.commit`.
    pub struct CommitParams: CommitError {
        group chat: AnyChat;
        /// A file, or a list of up to 100; this or `UPLOAD_ID` is needed.
        optional files: Option<Vec<FileId>> = "FILE_ID" | "DISK_ID", by(given_files), kind(ParamType::Integer);
        /// The same as `FILE_ID`, which goes first.
        optional uploads: Option<Vec<FileId>> = "UPLOAD_ID", by(given_files), kind(ParamType::Integer);
        /// The text of the message.
        optional message: String = "MESSAGE", default(String::new());
        /// Has no effect: it is for open lines, and there are none here.
        optional _silent_mode: Ignored = "SILENT_MODE", ignored(ParamType::String);
        /// Has no effect: pictures are sent as they are either way.
        optional _as_file: Ignored = "AS_FILE", ignored(ParamType::String);
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct CommitOutput {
    /// The files of the message, each as `upload` and the id that the caller gave.
    pub files: BTreeMap<String, FileObject>,
    /// The files of the message.
    pub disk_id: Vec<String>,
    /// The same as a drive has them.
    pub file_models: BTreeMap<String, FileModel>,
    /// The message.
    pub message_id: i64,
}

error_set! {
    /// Errors of `im.disk.file.commit`.
    pub enum CommitError {
        /// `CHAT_ID` is not a positive whole number, or neither it nor `DIALOG_ID` is given.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `DIALOG_ID` is empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// Neither `FILE_ID` nor `UPLOAD_ID` is given.
        FilesError = 400 "FILES_ERROR" "List of files is not specified",
        /// The files are none or more than 100, or one of them does not exist or cannot be seen by the caller.
        SaveError = 400 "SAVE_ERROR" "Error during saving file to chat",
        /// There is no such chat, the caller is not a member of it or may not post in it.
        AccessError = 403 "ACCESS_ERROR" "You do not have access to the specified dialog",
    }
}

from_wrong_chat!(CommitError);

impl From<CommitRefusal> for CommitError {
    fn from(refusal: CommitRefusal) -> Self {
        match refusal {
            CommitRefusal::Send(_) => Self::AccessError,
            CommitRefusal::Files => Self::SaveError,
        }
    }
}

impl From<ChatRefusal> for CommitError {
    fn from(_: ChatRefusal) -> Self {
        Self::AccessError
    }
}

impl Method for ImDiskFileCommit {
    const NAME: &'static str = "im.disk.file.commit";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Sends a message with existing files.";
    type Params = CommitParams;
    type Output = CommitOutput;
    type Error = CommitError;

    fn call(cx: &mut MethodCx<'_>, params: &CommitParams) -> Answer<Self> {
        let chat = send::find_chat(&mut cx.app, params.chat.0)
            .map_err(|refused| refused.map(CommitError::from))?;
        let files = params.files.as_ref().or(params.uploads.as_ref());
        let files = files.ok_or(Refused::Because(CommitError::FilesError))?;
        let sent = send::commit(&mut cx.app, chat, files, &params.message)
            .map_err(|refused| refused.map(CommitError::from))?;
        let ids = sent.files.iter().map(|(_, copy)| *copy);
        let shown = disk::show::of_ids(&mut cx.app, ids)?;
        let named = || {
            let keys = sent.files.iter().map(|(given, _)| format!("upload{given}"));
            keys.zip(&shown)
        };
        Ok(CommitOutput {
            files: named()
                .map(|(key, file)| (key, FileObject::new(file, cx)))
                .collect(),
            disk_id: shown.iter().map(|file| file.file.id.to_string()).collect(),
            file_models: named()
                .map(|(key, file)| (key, FileModel::new(file, cx)))
                .collect(),
            message_id: sent.message.get(),
        }
        .into())
    }
}

/// File ids, in a list, a map, or alone, without duplicates; `None` if one is not a positive whole number.
fn given_files(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<Vec<FileId>>, NoError> {
    if field.raw().is_none() {
        return Ok(None);
    }
    let list = field.as_id_list().unwrap_or_default();
    if list.malformed > 0 || list.ids.iter().any(|id| *id <= 0) {
        return Ok(Some(Vec::new()));
    }
    let mut seen = BTreeSet::new();
    let ids = list.ids.into_iter().filter(|id| seen.insert(*id));
    Ok(Some(ids.map(FileId).collect()))
}
