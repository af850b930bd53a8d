//! Sending a message, and the automatic notices (rules R2, R4).

use readmark_model::{
    ChatId, Event, FileId, MessageId, MessageKind, MessageParams, Policy, Role, chat::Chat,
    message_params::Notice,
};
use readmark_store::{
    StoreError,
    repo::{
        bot, chat, disk, member,
        message::{self, NewMessage, Place},
    },
};

use super::{called, find_visible, mention, stored_text, words};
use crate::{Cx, Refused};

/// A message to send.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// Post or system message.
    pub kind: MessageKind,
    /// Text; cut to the documented length.
    pub text: &'a str,
    /// Attachments, keyboard, files…
    pub params: &'a MessageParams,
    /// The message that it replies to.
    pub reply: Option<MessageId>,
    /// External id, by which clients recognise their own messages; random for a post without one.
    pub uuid: Option<&'a str>,
}

/// Why a message is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendRefusal {
    /// There is no such chat.
    NoChat,
    /// The acting user is not a member of the chat, or may not post in it.
    NoAccess,
    /// The message replied to does not exist, is deleted or is not visible.
    ReplyNotFound,
    /// The message replied to is in another chat.
    ReplyElsewhere,
}

/// Sends a message to a chat. The author's cursor moves to it; no other member's row is written (rules R4, R15). A bot's
/// messages are counted per bot.
///
/// # Errors
/// [`SendRefusal`]; then nothing changes.
pub fn send(
    cx: &mut Cx<'_>,
    chat: ChatId,
    draft: &Draft<'_>,
) -> Result<MessageId, Refused<SendRefusal>> {
    send_with_files(cx, chat, draft, &[])
}

/// [`send`] with files that were written for this message and named in its parameters.
pub(crate) fn send_with_files(
    cx: &mut Cx<'_>,
    chat: ChatId,
    draft: &Draft<'_>,
    files: &[FileId],
) -> Result<MessageId, Refused<SendRefusal>> {
    let chat = lock_exclusive_to_post(cx, chat)?;
    if let Some(reply) = draft.reply {
        check_reply(cx, &chat, reply)?;
    }
    Ok(write(cx, &chat, draft, files)?)
}

/// Sends a message, not a reply, to a chat in which the acting user was granted this one message, member or not. `None` when
/// the chat is gone.
pub(crate) fn send_by_pass(
    cx: &mut Cx<'_>,
    chat: ChatId,
    draft: &Draft<'_>,
) -> Result<Option<MessageId>, StoreError> {
    match chat::lock_exclusive(cx.tx, chat)? {
        Some(chat) => write(cx, &chat, draft, &[]).map(Some),
        None => Ok(None),
    }
}

/// Writes a message at the end of a chat that is locked by [`chat::lock_exclusive`].
fn write(
    cx: &mut Cx<'_>,
    chat: &Chat,
    draft: &Draft<'_>,
    files: &[FileId],
) -> Result<MessageId, StoreError> {
    let text = stored_text(draft.text);
    let random;
    let uuid = match (draft.uuid, draft.kind) {
        (Some(uuid), _) => Some(uuid),
        (None, MessageKind::Post) => {
            random = cx.uuid();
            Some(random.as_str())
        }
        (None, MessageKind::System | MessageKind::Notice) => None,
    };
    let seq = chat.tail.last_seq.next();
    let created_at = cx.now.max(chat.tail.last_activity_at);
    let id = message::insert(
        cx.tx,
        &NewMessage {
            chat: chat.id,
            seq,
            author: cx.user,
            kind: draft.kind,
            created_at,
            reply: draft.reply,
            text: &text,
            params: draft.params,
            uuid,
        },
    )?;
    for file in files {
        disk::update_message(cx.tx, *file, id)?;
    }
    let place = Place { id, seq };
    mention::index(cx.tx, chat.id, place, cx.user, &text)?;
    chat::append(cx.tx, chat.id, seq, id, draft.kind, created_at)?;
    words::catch_up(cx, chat, seq)?;
    member::update_sent(cx.tx, chat.id, cx.user, seq, cx.now)?;
    if cx.acts_as_bot() {
        bot::count_messages(cx.tx, cx.user, 1)?;
    }
    record(cx, chat.id, id);
    if draft.kind == MessageKind::Post {
        called::by_text(cx, chat.id, id, &text)?;
    }
    Ok(id)
}

fn record(cx: &mut Cx<'_>, chat: ChatId, message: MessageId) {
    cx.record(Event::MessageAdded {
        chat,
        message,
        author: cx.user,
    });
}

/// A chat that the acting user may post in, locked exclusively.
///
/// # Errors
/// [`SendRefusal::NoChat`], [`SendRefusal::NoAccess`].
pub(crate) fn lock_exclusive_to_post(
    cx: &mut Cx<'_>,
    chat: ChatId,
) -> Result<Chat, Refused<SendRefusal>> {
    let chat = chat::lock_exclusive(cx.tx, chat)?.ok_or(Refused::Because(SendRefusal::NoChat))?;
    let role = member::find_role(cx.tx, chat.id, cx.user)?
        .ok_or(Refused::Because(SendRefusal::NoAccess))?;
    if may_post(&chat, role) {
        Ok(chat)
    } else {
        Err(Refused::Because(SendRefusal::NoAccess))
    }
}

/// Whether a member with this role may post in a chat.
pub(crate) fn may_post(chat: &Chat, role: Role) -> bool {
    let policy = Policy::of(chat.kind, &chat.entity.kind);
    policy.for_role(&chat.permissions, role).send
}

fn check_reply(cx: &mut Cx<'_>, chat: &Chat, reply: MessageId) -> Result<(), Refused<SendRefusal>> {
    match find_visible(cx, reply)? {
        Some((message, _)) if message.deleted => Err(Refused::Because(SendRefusal::ReplyNotFound)),
        Some((message, _)) if message.chat == chat.id => Ok(()),
        Some(_) => Err(Refused::Because(SendRefusal::ReplyElsewhere)),
        None => Err(Refused::Because(SendRefusal::ReplyNotFound)),
    }
}

/// Writes an automatic notice at the end of a chat that is locked by [`chat::lock_exclusive`] or new. It never counts, moves
/// no cursor and does not unhide the chat (rules R2, R10).
pub fn notice(
    cx: &mut Cx<'_>,
    chat: ChatId,
    text: &str,
    notice: Notice,
) -> Result<MessageId, StoreError> {
    let Some(chat) = chat::lock_exclusive(cx.tx, chat)? else {
        return Err(StoreError::Decode("a notice for a chat that is missing"));
    };
    let seq = chat.tail.last_seq.next();
    let created_at = cx.now.max(chat.tail.last_activity_at);
    let id = message::insert(
        cx.tx,
        &NewMessage {
            chat: chat.id,
            seq,
            author: cx.user,
            kind: MessageKind::Notice,
            created_at,
            reply: None,
            text: &stored_text(text),
            params: &MessageParams::of_notice(notice),
            uuid: None,
        },
    )?;
    chat::append(cx.tx, chat.id, seq, id, MessageKind::Notice, created_at)?;
    words::catch_up(cx, &chat, seq)?;
    record(cx, chat.id, id);
    Ok(id)
}
