//! `im.disk.folder.get`: the folder that the files of a chat are in.

use readmark_app::{Refused, disk};
use readmark_model::{DialogId, Scope, file::chat_folder};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    methods::shared::disk_params,
    wire::Params,
};

/// See the module.
pub struct ImDiskFolderGet;

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
        /// `CHAT_ID` is no positive whole number, or neither it nor `DIALOG_ID` is given.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `DIALOG_ID` is empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// There is no such chat, or the caller is no member of it.
        AccessError = 403 "ACCESS_ERROR" "You do not have access to the specified dialog",
    }
}

parse::from_group_param!(FolderError);

impl Method for ImDiskFolderGet {
    const NAME: &'static str = "im.disk.folder.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Answers the number of the folder that a chat's files are in.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "CHAT_ID",
            ParamType::Integer,
            "The chat's number; this or `DIALOG_ID` is needed.",
        ),
        ParamSpec::optional(
            "DIALOG_ID",
            ParamType::String,
            "The dialog: `chatN`, `sgN`, or the id of a user.",
        ),
    ]];
    type Params = DialogId;
    type Output = FolderOutput;
    type Error = FolderError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<DialogId, FolderError> {
        Ok(disk_params::chat(params)?)
    }

    fn call(cx: &mut MethodCx<'_>, dialog: &DialogId) -> Answer<Self> {
        let chat = disk::find_folder_chat(&mut cx.app, *dialog)?
            .ok_or(Refused::Because(FolderError::AccessError))?;
        Ok(FolderOutput {
            id: chat_folder(chat),
        }
        .into())
    }
}
