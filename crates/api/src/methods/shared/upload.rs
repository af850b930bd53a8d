//! What `im.v2.File.upload` and `imbot.v2.File.upload` have in common: a message with a file, in one call.

use readmark_app::{
    Refused,
    disk::{
        self,
        send::{self, ChatRefusal, Cover},
    },
};
use readmark_model::file;
use readmark_store::StoreError;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{MethodCx, ParamSpec, ParamType},
        parse::{self, DialogParam},
    },
    objects::{file::FileObject, message_params},
    portal::upload::UploadError,
    wire::Params,
};

/// `fields` of an upload, as documented.
pub const FIELDS: ParamSpec = ParamSpec::required(
    "fields",
    ParamType::Object,
    "`name` of the file, its `content` in Base64, and a `message` to go with it; a file of a multipart form may be the \
     `content`, and so may `[name, Base64]`.",
);

/// Where a file goes, and what an upload says beside the content.
pub struct UploadParams {
    dialog: Option<DialogParam>,
    /// `None` when there is none that can be used.
    name: Option<String>,
    message: String,
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadOutput {
    /// The file.
    pub file: FileObject,
    /// The message that has it.
    pub message_id: i64,
    /// The chat.
    pub chat_id: i64,
    /// The dialog id, as given.
    pub dialog_id: String,
}

impl UploadParams {
    /// Reads them.
    #[must_use]
    pub fn read(params: &Params) -> Self {
        let fields = params.get("fields").as_map().unwrap_or_default();
        let text = |name| fields.any_case(name).as_text().unwrap_or_default();
        Self {
            dialog: parse::dialog(params, "dialogId"),
            name: file::stored_name(&text("name")),
            message: text("message").into_owned(),
        }
    }

    /// Sends the message. A file without a name is one that is missing, and a dialog that is not named one that there is not.
    ///
    /// # Errors
    /// What is wrong with the file's name, with the chat, with the content, with posting, in this order.
    pub fn send<E>(&self, cx: &mut MethodCx<'_>) -> Result<UploadOutput, Refused<E>>
    where
        E: From<UploadError> + From<ChatRefusal>,
    {
        let name = self.name.as_deref().filter(|_| !cx.upload.is_missing());
        let name = name.ok_or_else(|| Refused::Because(UploadError::Missing.into()))?;
        let dialog = self.dialog.as_ref();
        let dialog = dialog.ok_or_else(|| Refused::Because(ChatRefusal::NoChat.into()))?;
        let chat =
            send::find_chat(&mut cx.app, dialog.id).map_err(|refused| refused.map(E::from))?;
        let content = cx
            .upload
            .content()
            .map_err(|refused| refused.map(E::from))?;
        let cover = Cover {
            text: &self.message,
            params: &message_params::with_files,
        };
        let sent = send::upload(&mut cx.app, chat, name, content, &cover)
            .map_err(|refused| refused.map(|_| ChatRefusal::MayNotPost.into()))?;
        let shown = disk::show::of_ids(&mut cx.app, [sent.file])?;
        let file = shown.first().map(|shown| FileObject::new(shown, cx));
        Ok(UploadOutput {
            file: file.ok_or(StoreError::Decode(
                "a file that was just written is missing",
            ))?,
            message_id: sent.message.get(),
            chat_id: chat.get(),
            dialog_id: dialog.text.clone(),
        })
    }
}
