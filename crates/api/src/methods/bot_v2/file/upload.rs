//! `imbot.v2.File.upload`: a bot sends a message with a file, in one call.
//!
//! What the page leaves open: `dialogId` as with `imbot.v2.Chat.Message.send`; one that is missing, malformed, or not a chat visible
//! to the bot is `FILE_FOLDER_ERROR`, and a visible chat in which it may not post is `FILE_SEND_FAILED`.

use readmark_app::{bot::access::Claim, disk::send::ChatRefusal};
use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::{bot_v2::auth, shared::upload::UploadParams},
    objects::file::BotFileObject,
    params,
    portal::upload::UploadError,
};

/// `imbot.v2.File.upload`.
pub struct ImbotV2FileUpload;

params! {
    /// Parameters of `imbot.v2.File.upload`.
    pub struct BotUploadParams: BotFileUploadError {
        group claim: Claim;
        group upload: UploadParams;
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BotUploadOutput {
    /// The file.
    pub file: BotFileObject,
    /// The message that has it.
    pub message_id: i64,
    /// The chat.
    pub chat_id: i64,
    /// The dialog id, as given.
    pub dialog_id: String,
}

bot_error_set! {
    /// Errors of `imbot.v2.File.upload`.
    pub enum BotFileUploadError {
        /// `fields.name` or `fields.content` is missing or empty.
        FileEmpty = 400 "FILE_EMPTY" "File name or content is empty",
        /// `fields.content` is not Base64.
        FileInvalidContent = 400 "FILE_INVALID_CONTENT" "Invalid base64 content",
        /// `dialogId` is missing, or names no chat that the bot may look into.
        FileFolderError = 400 "FILE_FOLDER_ERROR" "Failed to get chat folder",
        /// The server cannot store the content.
        FileUploadFailed = 400 "FILE_UPLOAD_FAILED" "File upload failed",
        /// The bot may look into the chat and not post in it: it is not in an open chat, or has no right to post.
        FileSendFailed = 400 "FILE_SEND_FAILED" "Failed to send message",
        /// The file is larger than the portal allows.
        FileTooLarge = 400 "FILE_TOO_LARGE" "File too large",
    }
}

impl From<UploadError> for BotFileUploadError {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Missing => Self::FileEmpty,
            UploadError::Malformed => Self::FileInvalidContent,
            UploadError::TooLarge => Self::FileTooLarge,
            UploadError::NotStored => Self::FileUploadFailed,
        }
    }
}

impl From<ChatRefusal> for BotFileUploadError {
    fn from(refusal: ChatRefusal) -> Self {
        match refusal {
            ChatRefusal::NoChat | ChatRefusal::NoAccess => Self::FileFolderError,
            ChatRefusal::MayNotPost => Self::FileSendFailed,
        }
    }
}

impl Method for ImbotV2FileUpload {
    const NAME: &'static str = "imbot.v2.File.upload";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const UPLOADS: bool = true;
    const SUMMARY: &'static str = "Sends a message with a file to a dialog as a bot.";
    type Params = BotUploadParams;
    type Output = BotUploadOutput;
    type Error = BotFileUploadError;

    fn call(cx: &mut MethodCx<'_>, params: &BotUploadParams) -> Answer<Self> {
        auth::enter(cx, &params.claim).map_err(|refused| refused.map(BotFileUploadError::from))?;
        let sent = params.upload.send::<BotFileUploadError>(cx)?;
        Ok(BotUploadOutput {
            file: sent.file.into(),
            message_id: sent.message_id,
            chat_id: sent.chat_id,
            dialog_id: sent.dialog_id,
        }
        .into())
    }
}
