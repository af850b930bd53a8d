//! `im.v2.File.download`: a download link for the caller to a file of a chat.

use readmark_app::{Refused, access, disk};
use readmark_model::{DialogId, FileId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    error_set,
    objects::file::{LinkApi, download_link},
    params,
};

/// `im.v2.File.download`.
pub struct ImV2FileDownload;

params! {
    /// Parameters of `im.v2.File.download`.
    pub struct DownloadParams: NoError {
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogId> = "dialogId", lenient;
        /// The file.
        required file: Option<FileId> = "fileId", lenient;
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DownloadOutput {
    /// A link for the caller alone, which works for a day as long as the caller may see the file.
    pub download_url: String,
}

error_set! {
    /// Errors of `im.v2.File.download`.
    pub enum FileDownloadError {
        /// `fileId` is missing, or names no file of the chat that the caller can see.
        FileNotFound = 400 "FILE_NOT_FOUND" "File not found",
        /// `dialogId` is missing or names no chat that the caller may look into.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
    }
}

impl Method for ImV2FileDownload {
    const NAME: &'static str = "im.v2.File.download";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns a link to a file of a chat.";
    type Params = DownloadParams;
    type Output = DownloadOutput;
    type Error = FileDownloadError;

    fn call(cx: &mut MethodCx<'_>, params: &DownloadParams) -> Answer<Self> {
        let because = Refused::<FileDownloadError>::Because;
        let dialog = params.dialog;
        let dialog = dialog.ok_or(because(FileDownloadError::AccessDenied))?;
        let chat = access::look_at(&mut cx.app, dialog)?
            .ok_or(because(FileDownloadError::AccessDenied))?
            .chat
            .id;
        let id = params
            .file
            .ok_or(because(FileDownloadError::FileNotFound))?;
        let file = disk::find_visible(&mut cx.app, id)?
            .filter(|file| file.chat == Some(chat))
            .ok_or(because(FileDownloadError::FileNotFound))?;
        Ok(DownloadOutput {
            download_url: download_link(cx, LinkApi::Im, file.id),
        }
        .into())
    }
}
