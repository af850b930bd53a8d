//! Sending a message with files: a new upload, or existing files.

use std::collections::BTreeSet;

use readmark_model::{
    ChatId, DialogId, FileId, MessageId, MessageKind, MessageParams, file::Content,
    message::Message,
};
use readmark_store::repo::{
    chat,
    disk::{self, NewFile},
};

use super::{MAX_FILES, find_visible};
use crate::{
    Cx, Interrupt, Refused, access,
    message::send::{self, Draft, SendRefusal},
};

/// A message that was sent with one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// The file.
    pub file: FileId,
    /// The message.
    pub message: MessageId,
}

/// Why no files can be sent to a dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChatRefusal {
    /// It names no chat.
    NoChat,
    /// The acting user may not see the chat.
    NoAccess,
    /// The acting user may see the chat but not post: a guest of an open chat, or a member without that right.
    MayNotPost,
}

/// The chat of a dialog that the acting user may post in. Called before the content is stored, so it locks nothing.
///
/// # Errors
/// [`ChatRefusal`]; as [`access::resolve`].
pub fn find_chat(cx: &mut Cx<'_>, dialog: DialogId) -> Result<ChatId, Refused<ChatRefusal>> {
    const NO: fn(ChatRefusal) -> Refused<ChatRefusal> = Refused::Because;
    let id = access::resolve(cx, dialog)?.ok_or(NO(ChatRefusal::NoChat))?;
    let Some(access) = access::look(cx, id)? else {
        let exists = chat::find(cx.tx, id)?.is_some();
        return Err(NO(if exists {
            ChatRefusal::NoAccess
        } else {
            ChatRefusal::NoChat
        }));
    };
    if access.member.is_some() && send::may_post(&access.chat, access.role()) {
        Ok(id)
    } else {
        Err(NO(ChatRefusal::MayNotPost))
    }
}

/// Sends a message with a new file, whose content is already stored. The text may be empty.
///
/// # Errors
/// [`SendRefusal`]; then nothing changes, and nothing refers to the content.
pub fn upload(
    cx: &mut Cx<'_>,
    chat: ChatId,
    name: &str,
    content: &Content,
    text: &str,
) -> Result<Uploaded, Refused<SendRefusal>> {
    send::lock_exclusive_to_post(cx, chat)?;
    disk::insert_content(cx.tx, content, cx.now)?;
    let file = insert(cx, chat, name, &content.name)?;
    let message = send_text(cx, chat, text, &[file])?;
    Ok(Uploaded { file, message })
}

/// Sends a copy of a message that the acting user may see, with its own files of the same contents.
///
/// # Errors
/// [`SendRefusal`]; then nothing changes.
pub fn forward(
    cx: &mut Cx<'_>,
    chat: ChatId,
    original: &Message,
    uuid: Option<&str>,
) -> Result<MessageId, Refused<SendRefusal>> {
    send::lock_exclusive_to_post(cx, chat)?;
    let files = disk::list_of_message(cx.tx, original.id)?;
    let mut contents: Vec<&str> = files.iter().map(|file| &*file.content.name).collect();
    contents.sort_unstable();
    let mut locked = BTreeSet::new();
    for content in contents {
        // A content that is being discarded cannot be copied.
        if disk::lock_exclusive_content(cx.tx, content)? {
            locked.insert(content);
        }
    }
    let mut copies = Vec::with_capacity(files.len());
    for file in files
        .iter()
        .filter(|file| locked.contains(&*file.content.name))
    {
        copies.push(insert(cx, chat, &file.name, &file.content.name)?);
    }
    let draft = Draft {
        kind: MessageKind::Post,
        text: &original.text,
        params: &original.forwarded_params(&copies),
        reply: None,
        uuid,
    };
    let message = send::send(cx, chat, &draft)?;
    for file in copies {
        disk::update_message(cx.tx, file, message)?;
    }
    Ok(message)
}

/// Existing files that were sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Each requested file, and the message's own copy with the same content.
    pub files: Vec<(FileId, FileId)>,
    /// The message.
    pub message: MessageId,
}

/// Why files are not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitRefusal {
    /// The message cannot be sent.
    Send(SendRefusal),
    /// There are none, too many, or one of them does not exist or is not visible.
    Files,
}

/// Sends a message with files that the acting user may see, all or none. The text may be empty.
///
/// # Errors
/// [`CommitRefusal`]; then nothing changes.
pub fn commit(
    cx: &mut Cx<'_>,
    chat: ChatId,
    files: &[FileId],
    text: &str,
) -> Result<Committed, Refused<CommitRefusal>> {
    send::lock_exclusive_to_post(cx, chat).map_err(|refused| refused.map(CommitRefusal::Send))?;
    if files.is_empty() || files.len() > MAX_FILES {
        return Err(Refused::Because(CommitRefusal::Files));
    }
    let mut found = Vec::with_capacity(files.len());
    for &id in files {
        let file = find_visible(cx, id)?.ok_or(Refused::Because(CommitRefusal::Files))?;
        found.push(file);
    }
    // Locked in one order, to avoid deadlocks.
    let mut contents: Vec<&str> = found.iter().map(|file| &*file.content.name).collect();
    contents.sort_unstable();
    for content in contents {
        if !disk::lock_exclusive_content(cx.tx, content)? {
            return Err(Refused::Because(CommitRefusal::Files));
        }
    }
    let mut copies = Vec::with_capacity(found.len());
    for file in &found {
        let copy = insert(cx, chat, &file.name, &file.content.name)?;
        copies.push((file.id, copy));
    }
    let ids: Vec<FileId> = copies.iter().map(|(_, copy)| *copy).collect();
    let message =
        send_text(cx, chat, text, &ids).map_err(|refused| refused.map(CommitRefusal::Send))?;
    Ok(Committed {
        files: copies,
        message,
    })
}

fn insert(cx: &mut Cx<'_>, chat: ChatId, name: &str, content: &str) -> Result<FileId, Interrupt> {
    let new = NewFile {
        content,
        user: cx.user,
        chat: Some(chat),
        name,
        now: cx.now,
    };
    Ok(disk::insert(cx.tx, &new)?)
}

fn send_text(
    cx: &mut Cx<'_>,
    chat: ChatId,
    text: &str,
    files: &[FileId],
) -> Result<MessageId, Refused<SendRefusal>> {
    let draft = Draft {
        kind: MessageKind::Post,
        text,
        params: &MessageParams::with_files(files),
        reply: None,
        uuid: None,
    };
    send::send_with_files(cx, chat, &draft, files)
}
