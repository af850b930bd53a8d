//! `imbot.v2.File.download`: a download link for a bot to a file of one of its chats.

use readmark_app::{Refused, bot::access::Claim, disk};
use readmark_model::{FileId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::auth,
    objects::file::{LinkApi, download_link},
    params,
};

/// `imbot.v2.File.download`.
pub struct ImbotV2FileDownload;

params! {
    /// Parameters of `imbot.v2.File.download`.
    pub struct BotDownloadParams: BotFileDownloadError {
        group claim: Claim;
        /// The file.
        required file: Option<FileId> = "fileId", lenient;
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BotDownloadOutput {
    /// A link for the bot alone, which works for a day as long as the bot may see the file.
    pub download_url: String,
}

bot_error_set! {
    /// Errors of `imbot.v2.File.download`.
    pub enum BotFileDownloadError {
        /// The bot cannot see the file.
        FileAccessError = 403 "FILE_ACCESS_ERROR" "File access error",
        /// `fileId` is missing or names no file.
        FileNotFound = 400 "FILE_NOT_FOUND" "File not found",
    }
}

impl Method for ImbotV2FileDownload {
    const NAME: &'static str = "imbot.v2.File.download";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns a link to a file that a bot can see.";
    type Params = BotDownloadParams;
    type Output = BotDownloadOutput;
    type Error = BotFileDownloadError;

    fn call(cx: &mut MethodCx<'_>, params: &BotDownloadParams) -> Answer<Self> {
        auth::enter(cx, &params.claim)
            .map_err(|refused| refused.map(BotFileDownloadError::from))?;
        let found = match params.file {
            Some(id) => disk::find_visible(&mut cx.app, id)?,
            None => None,
        };
        let Some(file) = found else {
            let exists = match params.file {
                Some(id) => disk::exists(&mut cx.app, id)?,
                None => false,
            };
            return Err(Refused::Because(if exists {
                BotFileDownloadError::FileAccessError
            } else {
                BotFileDownloadError::FileNotFound
            }));
        };
        Ok(BotDownloadOutput {
            download_url: download_link(cx, LinkApi::Imbot, file.id),
        }
        .into())
    }
}
