//! `im.disk.file.delete`: deletes a file that the caller sent.

use readmark_app::{
    Refused,
    disk::delete::{self, NoFile},
};
use readmark_model::{ChatId, FileId, Scope};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    methods::shared::disk_params,
    objects::message_params,
    wire::Params,
};

/// See the module.
pub struct ImDiskFileDelete;

/// Parameters.
pub struct DeleteParams {
    chat: Option<ChatId>,
    file: Option<FileId>,
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
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("CHAT_ID", ParamType::Integer, "The chat."),
        ParamSpec::required("FILE_ID", ParamType::Integer, "The file."),
    ]];
    type Params = DeleteParams;
    type Output = bool;
    type Error = FileDeleteError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<DeleteParams, FileDeleteError> {
        if params.get("CHAT_ID").is_absent() {
            return Err(FileDeleteError::ChatIdEmpty);
        }
        if params.get("FILE_ID").is_absent() {
            return Err(FileDeleteError::FileIdEmpty);
        }
        Ok(DeleteParams {
            chat: parse::chat(params, "CHAT_ID"),
            file: disk_params::file(params, "FILE_ID"),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &DeleteParams) -> Answer<Self> {
        let (Some(chat), Some(file)) = (params.chat, params.file) else {
            return Ok(false.into());
        };
        match delete::delete(&mut cx.app, chat, file, &message_params::without_file) {
            Ok(()) => Ok(true.into()),
            Err(Refused::Because(NoFile)) => Ok(false.into()),
            Err(Refused::Fault(fault)) => Err(fault.into()),
        }
    }
}
