//! The parameters of messages and notifications as they are stored: one JSON object in one column, `{}` for most messages.
//!
//! Only this file knows the format of these columns, and it is the only one in this crate that knows JSON. It is here rather than
//! in the API so that a row is typed as soon as it is read: use cases decide by parameters, and the API would otherwise have to pass
//! them functions that read the text. What clients send and are shown uses the same names, but is the API's format.
//!
//! Names may be added but never change, so that rows written by every earlier version can be read.
//!
//! | name | value |
//! |---|---|
//! | `ATTACH`, `KEYBOARD`, `MENU` | a [`Document`], returned exactly as it was stored |
//! | `URL_PREVIEW` | `"N"` where links are shown as they are |
//! | `IS_EDITED` | `"Y"` where clients show that the message was edited |
//! | `IS_DELETED` | `"Y"` for a tombstone |
//! | `FILE_ID` | the ids of the files |
//! | `NOTIFY` | `"N"` for an automatic notice |
//! | `CODE` | `["CHAT_JOIN"]` or `["CHAT_LEAVE"]` where that is what the notice tells |
//! | `FORWARD` | `{"id", "userId", "chatId", "date"}` of the original, the date in milliseconds |
//!
//! A malformed value or an unknown name is ignored, so that a damaged row does not make a page of messages unreadable.
//!
//! Documents are copied out of the column and into it as raw text; only [`offers`] parses one. Reading a message costs one scan of
//! the column, and a comparison when there are no parameters.

use std::borrow::Cow;

use readmark_model::{
    ChatId, Document, FileId, MessageId, MessageParams, Timestamp, UserId,
    command::{CommandContext, Offer},
    message_params::{Notice, Origin},
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::StoreError;

/// No parameters, as stored.
const NONE: &str = "{}";

/// The value of the column.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, rename_all = "SCREAMING_SNAKE_CASE")]
struct Stored<'a> {
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    attach: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    keyboard: Option<&'a RawValue>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    menu: Option<&'a RawValue>,
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    url_preview: Option<No>,
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    is_edited: Option<Yes>,
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    file_id: Option<Vec<i64>>,
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    forward: Option<Forward>,
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    is_deleted: Option<Yes>,
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    code: Option<[Code; 1]>,
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    notify: Option<No>,
}

/// A mark that is set by `Y`.
#[derive(Serialize, Deserialize)]
enum Yes {
    Y,
}

/// A mark that is set by `N`.
#[derive(Serialize, Deserialize)]
enum No {
    N,
}

/// What a notice tells of.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Code {
    #[serde(rename = "CHAT_JOIN")]
    Joined,
    #[serde(rename = "CHAT_LEAVE")]
    Left,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Forward {
    id: i64,
    user_id: i64,
    chat_id: i64,
    date: i64,
}

/// A malformed value is ignored without losing its neighbours.
fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).ok())
}

/// Parameters as they are stored.
///
/// # Errors
/// [`StoreError::Encode`] when a document is not JSON.
pub(crate) fn encode(params: &MessageParams) -> Result<Cow<'static, str>, StoreError> {
    if params.is_empty() {
        return Ok(Cow::Borrowed(NONE));
    }
    let ids = |files: &[FileId]| files.iter().map(|file| file.get()).collect();
    write(&Stored {
        attach: raw(params.attach.as_ref())?,
        keyboard: raw(params.keyboard.as_ref())?,
        menu: raw(params.menu.as_ref())?,
        url_preview: params.plain_links.then_some(No::N),
        is_edited: params.edited.then_some(Yes::Y),
        file_id: (!params.files.is_empty()).then(|| ids(&params.files)),
        forward: params.origin.map(|origin| Forward {
            id: origin.message.get(),
            user_id: origin.author.get(),
            chat_id: origin.chat.get(),
            date: origin.sent_at.get(),
        }),
        is_deleted: params.deleted.then_some(Yes::Y),
        code: params.notice.and_then(|notice| match notice {
            Notice::Joined => Some([Code::Joined]),
            Notice::Left => Some([Code::Left]),
            Notice::Other => None,
        }),
        notify: params.notice.map(|_| No::N),
    })
    .map(Cow::Owned)
}

/// The attachments of a notification as they are stored.
///
/// # Errors
/// [`StoreError::Encode`] when they are not JSON.
pub(crate) fn encode_attach(attach: &Document) -> Result<String, StoreError> {
    write(&Stored {
        attach: raw(Some(attach))?,
        ..Stored::default()
    })
}

fn raw(document: Option<&Document>) -> Result<Option<&RawValue>, StoreError> {
    document
        .map(|document| serde_json::from_str(document.as_str()))
        .transpose()
        .map_err(|_| StoreError::Encode("a document that is not JSON"))
}

fn write(stored: &Stored<'_>) -> Result<String, StoreError> {
    serde_json::to_string(stored).map_err(|_| StoreError::Encode("parameters"))
}

/// Stored parameters.
pub(crate) fn decode(column: &str) -> MessageParams {
    // Deserializing accepts a list as the values of a struct in their order.
    if column == NONE || !column.starts_with('{') {
        return MessageParams::default();
    }
    let stored: Stored<'_> = serde_json::from_str(column).unwrap_or_default();
    let document = |raw: Option<&RawValue>| raw.map(|raw| Document::new(raw.get()));
    MessageParams {
        attach: document(stored.attach),
        keyboard: document(stored.keyboard),
        menu: document(stored.menu),
        plain_links: stored.url_preview.is_some(),
        edited: stored.is_edited.is_some(),
        deleted: stored.is_deleted.is_some(),
        files: stored
            .file_id
            .into_iter()
            .flatten()
            .map(FileId::from)
            .collect(),
        origin: stored.forward.map(|forward| Origin {
            message: MessageId(forward.id),
            author: UserId(forward.user_id),
            chat: ChatId(forward.chat_id),
            sent_at: Timestamp(forward.date),
        }),
        notice: stored.notify.map(|No::N| match stored.code {
            Some([Code::Joined]) => Notice::Joined,
            Some([Code::Left]) => Notice::Left,
            None => Notice::Other,
        }),
    }
}

/// The fields of a button or menu item that [`offers`] needs.
#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct Control {
    bot_id: Option<i64>,
    command: Option<String>,
    command_params: Option<String>,
    disabled: Option<String>,
}

/// The commands that a message's buttons call, followed by those of its menu. Disabled ones are left out.
#[must_use]
pub fn offers(params: &MessageParams) -> Vec<Offer> {
    let keyboard = (params.keyboard.as_ref(), CommandContext::Keyboard);
    let menu = (params.menu.as_ref(), CommandContext::Menu);
    let mut offers = Vec::new();
    for (document, context) in [keyboard, menu] {
        let controls = document.and_then(|document| serde_json::from_str(document.as_str()).ok());
        let controls: Vec<Control> = controls.unwrap_or_default();
        offers.extend(controls.into_iter().filter_map(|control| {
            (control.disabled.as_deref() != Some("Y")).then_some(())?;
            Some(Offer {
                context,
                bot: UserId(control.bot_id?),
                command: control.command?,
                params: control.command_params.unwrap_or_default(),
            })
        }));
    }
    offers
}

#[cfg(test)]
#[path = "message_params_tests.rs"]
mod tests;
