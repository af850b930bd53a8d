//! Shared parts of `im.v2.File.upload` and `imbot.v2.File.upload`: a message with a file, in one call.

use readmark_app::{
    Refused,
    disk::{
        self,
        send::{self, ChatRefusal},
    },
};
use readmark_model::file;
use readmark_store::StoreError;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{MethodCx, NoError},
        params::{DialogParam, Ignored, ParamType, ReadCx},
    },
    objects::file::FileObject,
    params,
    portal::upload::UploadError,
    wire::Field,
};

params! {
    /// `fields` of an upload. The content is not among what is read: it was taken out before, see [`crate::portal::upload`].
    pub struct UploadFields: NoError {
        /// Name of the file; needed unless a multipart form, or `content`, names it.
        required name: Option<String> = "name", by(name), kind(ParamType::String);
        /// The file in Base64, `[name, Base64]`, or a file of a multipart form.
        required _content: Ignored = "content", ignored(ParamType::String);
        /// The text of the message that has the file.
        optional message: String = "message", default(String::new());
    }
}

params! {
    /// Where a file goes, and what an upload says beside the content.
    pub struct UploadParams: NoError {
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogParam> = "dialogId", lenient;
        /// The file, and a message to go with it.
        required fields: UploadFields = "fields", members;
    }
}

/// `None` if there is no usable name.
fn name(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<String>, NoError> {
    Ok(file::stored_name(&field.as_text().unwrap_or_default()))
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
    /// Sends the message. A file without a name is answered as missing, and a missing dialog as unknown.
    ///
    /// # Errors
    /// The first error in: the file's name, the chat, the content, posting.
    pub fn send<E>(&self, cx: &mut MethodCx<'_>) -> Result<UploadOutput, Refused<E>>
    where
        E: From<UploadError> + From<ChatRefusal>,
    {
        let name = self
            .fields
            .name
            .as_deref()
            .filter(|_| !cx.upload.is_missing());
        let name = name.ok_or_else(|| Refused::Because(UploadError::Missing.into()))?;
        let dialog = self.dialog.as_ref();
        let dialog = dialog.ok_or_else(|| Refused::Because(ChatRefusal::NoChat.into()))?;
        let chat =
            send::find_chat(&mut cx.app, dialog.id).map_err(|refused| refused.map(E::from))?;
        let content = cx
            .upload
            .content()
            .map_err(|refused| refused.map(E::from))?;
        let sent = send::upload(&mut cx.app, chat, name, content, &self.fields.message)
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
