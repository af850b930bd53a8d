//! The parameters of a message as clients see them: one map.
//!
//! `REPLY_ID` and `LIKE` are added from the message and its reactions. The origin of a forwarded message is omitted: it is a field of
//! the message.

use readmark_app::{Interrupt, disk, message::show::Shown};
use readmark_model::{Document, message::Message, message_params::Notice, reaction::Reaction};
use serde_json::{Map, Value, json};

use super::file::FileObject;
use crate::contract::method::MethodCx;

/// The files of these messages.
///
/// # Errors
/// If the store fails.
pub fn files_of<'m>(
    cx: &mut MethodCx<'_>,
    messages: impl Iterator<Item = &'m Message>,
) -> Result<Vec<FileObject>, Interrupt> {
    let ids = messages
        .filter(|message| !message.params.files.is_empty())
        .map(|message| message.id);
    let shown = disk::show::of_messages(&mut cx.app, ids)?;
    Ok(shown.iter().map(|file| FileObject::new(file, cx)).collect())
}

/// The parameters of a message.
#[must_use]
pub fn shown(shown: &Shown) -> Map<String, Value> {
    of(&shown.message, &shown.reactions)
}

/// The parameters of a message with these reactions.
#[must_use]
pub fn of(message: &Message, reactions: &[Reaction]) -> Map<String, Value> {
    let mut map = Map::new();
    let mut put = |name: &str, value: Value| map.insert(name.to_owned(), value);
    let params = &message.params;
    for (name, document) in [
        ("ATTACH", &params.attach),
        ("KEYBOARD", &params.keyboard),
        ("MENU", &params.menu),
    ] {
        if let Some(document) = document {
            put(name, value(document));
        }
    }
    if params.plain_links {
        put("URL_PREVIEW", json!("N"));
    }
    if params.edited {
        put("IS_EDITED", json!("Y"));
    }
    if !params.files.is_empty() {
        let ids = params.files.iter().map(|file| file.get());
        put("FILE_ID", ids.collect());
    }
    if params.deleted {
        put("IS_DELETED", json!("Y"));
    }
    if let Some(notice) = params.notice {
        match notice {
            Notice::Joined => put("CODE", json!(["CHAT_JOIN"])),
            Notice::Left => put("CODE", json!(["CHAT_LEAVE"])),
            Notice::Other => None,
        };
        put("NOTIFY", json!("N"));
    }
    if let Some(reply) = message.reply.filter(|_| !message.deleted) {
        put("REPLY_ID", json!(reply.get()));
    }
    let mut users = Vec::new();
    for reaction in reactions {
        if !users.contains(&reaction.user.get()) {
            users.push(reaction.user.get());
        }
    }
    if !users.is_empty() {
        put("LIKE", json!(users));
    }
    map
}

/// A document as clients see it. One that is damaged is logged, and shown as `null` so that the page with its message can still be read.
#[must_use]
pub fn value(document: &Document) -> Value {
    serde_json::from_str(document.as_str()).unwrap_or_else(|error| {
        tracing::error!(%error, "a stored document of a message is not JSON");
        Value::Null
    })
}
