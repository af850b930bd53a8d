//! `im.disk.folder.get`: the folder of a chat's files.

use readmark_app::{Refused, disk};
use readmark_model::{Scope, file::chat_folder};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    methods::im::chat_param::{AnyChat, from_wrong_chat},
    params,
};

/// `im.disk.folder.get`.
pub struct ImDiskFolderGet;

params! {
    /// Parameters of `im.disk.folder.get`.
    pub struct FolderParams: FolderError {
        group chat: AnyChat;
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FolderOutput {
    /// The folder.
    #[serde(rename = "ID")]
    pub id: i64,
}

error_set! {
    /// Errors of `im.disk.folder.get`.
    pub enum FolderError {
        /// `CHAT_ID` is not a positive whole number, or neither it nor `DIALOG_ID` is given.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `DIALOG_ID` is empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// There is no such chat, or the caller is not a member of it.
        AccessError = 403 "ACCESS_ERROR" "You do not have access to the specified dialog",
    }
}

from_wrong_chat!(FolderError);

impl Method for ImDiskFolderGet {
    const NAME: &'static str = "im.disk.folder.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns the id of the folder with a chat's files.";
    type Params = FolderParams;
    type Output = FolderOutput;
    type Error = FolderError;

    fn call(cx: &mut MethodCx<'_>, params: &FolderParams) -> Answer<Self> {
        let chat = disk::find_folder_chat(&mut cx.app, params.chat.0)?
            .ok_or(Refused::Because(FolderError::AccessError))?;
        Ok(FolderOutput {
            id: chat_folder(chat),
        }
        .into())
    }
}
