//! `im.v2.File.upload`: sends a message with a file, in one call.
//!
//! What the page leaves open: a missing, malformed or unknown dialog is `CHAT_NOT_FOUND`, a chat not visible to the caller is
//! `ACCESS_DENIED`, and a visible one in which the caller may not post is `SEND_FAILED`. A chat always has its folder, so there is no
//! `FOLDER_ERROR`.

use readmark_app::disk::send::ChatRefusal;
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    methods::shared::upload::{UploadOutput, UploadParams},
    portal::upload::UploadError,
};

/// `im.v2.File.upload`.
pub struct ImV2FileUpload;

error_set! {
    /// Errors of `im.v2.File.upload`.
    pub enum FileUploadError {
        /// `fields.name` or `fields.content` is missing or empty.
        FileEmpty = 400 "FILE_EMPTY" "File name and content are required",
        /// `fields.content` is not Base64.
        FileInvalidContent = 400 "FILE_INVALID_CONTENT" "Invalid base64 content",
        /// `dialogId` is missing or names no chat.
        ChatNotFound = 400 "CHAT_NOT_FOUND" "CHAT_NOT_FOUND",
        /// The server cannot store the content.
        UploadFailed = 400 "UPLOAD_FAILED" "File upload failed",
        /// The caller may look into the chat and not post in it, as a guest of an open chat.
        SendFailed = 400 "SEND_FAILED" "Failed to send message",
        /// The file is larger than the portal allows.
        FileTooLarge = 400 "FILE_TOO_LARGE" "File too large",
        /// The caller may not look into the chat.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
    }
}

impl From<UploadError> for FileUploadError {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Missing => Self::FileEmpty,
            UploadError::Malformed => Self::FileInvalidContent,
            UploadError::TooLarge => Self::FileTooLarge,
            UploadError::NotStored => Self::UploadFailed,
        }
    }
}

impl From<ChatRefusal> for FileUploadError {
    fn from(refusal: ChatRefusal) -> Self {
        match refusal {
            ChatRefusal::NoChat => Self::ChatNotFound,
            ChatRefusal::NoAccess => Self::AccessDenied,
            ChatRefusal::MayNotPost => Self::SendFailed,
        }
    }
}

impl Method for ImV2FileUpload {
    const NAME: &'static str = "im.v2.File.upload";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const UPLOADS: bool = true;
    const SUMMARY: &'static str = "Sends a message with a file to a chat.";
    type Params = UploadParams;
    type Output = UploadOutput;
    type Error = FileUploadError;

    fn call(cx: &mut MethodCx<'_>, params: &UploadParams) -> Answer<Self> {
        let mut sent = params.send::<FileUploadError>(cx)?;
        sent.file.viewer_attrs.unified_link = Some(sent.file.url_show.clone());
        Ok(sent.into())
    }
}
