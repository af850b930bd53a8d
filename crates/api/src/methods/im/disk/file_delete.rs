//! `im.disk.file.delete`: deletes a file that the caller sent.

use readmark_app::{
    Refused,
    disk::delete::{self, NoFile},
};
use readmark_model::{ChatId, FileId, Scope};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Given, ParamType, ParamValue, ReadCx},
    },
    error_set, params,
    wire::Field,
};

/// `im.disk.file.delete`.
pub struct ImDiskFileDelete;

params! {
    /// Parameters of `im.disk.file.delete`. An invalid id names no file.
    pub struct DeleteParams: FileDeleteError {
        /// The chat.
        required chat: Option<ChatId> = "CHAT_ID", by(chat), kind(ParamType::Integer);
        /// The file.
        required file: Option<FileId> = "FILE_ID" | "DISK_ID", by(file), kind(ParamType::Integer);
    }
}

error_set! {
    /// Errors of `im.disk.file.delete`.
    pub enum FileDeleteError {
        /// `CHAT_ID` is missing or empty.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `FILE_ID` is missing or empty.
        FileIdEmpty = 400 "FILE_ID_EMPTY" "File ID can't be empty",
    }
}

impl Method for ImDiskFileDelete {
    const NAME: &'static str = "im.disk.file.delete";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Deletes a file that the caller sent to a chat.";
    type Params = DeleteParams;
    type Output = bool;
    type Error = FileDeleteError;

    fn call(cx: &mut MethodCx<'_>, params: &DeleteParams) -> Answer<Self> {
        let (Some(chat), Some(file)) = (params.chat, params.file) else {
            return Ok(false.into());
        };
        match delete::delete(&mut cx.app, chat, file) {
            Ok(()) => Ok(true.into()),
            Err(Refused::Because(NoFile)) => Ok(false.into()),
            Err(Refused::Interrupted(fault)) => Err(fault.into()),
        }
    }
}

fn chat(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Option<ChatId>, FileDeleteError> {
    match ChatId::read(field, cx) {
        Given::Absent => Err(FileDeleteError::ChatIdEmpty),
        given => Ok(given.valid()),
    }
}

fn file(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Option<FileId>, FileDeleteError> {
    match FileId::read(field, cx) {
        Given::Absent => Err(FileDeleteError::FileIdEmpty),
        given => Ok(given.valid()),
    }
}
