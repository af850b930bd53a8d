//! Deleting a message (rule R9).

use readmark_model::{ChatKind, Event, MessageId, MessageKind, Role, chat::Chat, message::Message};
use readmark_store::{
    StoreError,
    repo::{
        chat, disk, member,
        message::{self, Place},
        view,
    },
};

use super::{mention, words};
use crate::{Cx, Refused};

/// How to delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// By the rules: completely if nobody viewed it, in channels and by managers; else leaving a tombstone.
    ByRule,
    /// Completely: a bot's `complete`.
    Complete,
}

/// The acting user may not change the message, or there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CannotEdit;

/// Who may change a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Editor {
    /// Its author, within the portal's edit period.
    Author,
    /// The same, and a manager of its group chat at any time.
    AuthorOrManager,
}

/// A message that may be changed, with its chat locked.
#[derive(Clone, Debug)]
pub struct Editable {
    /// The message.
    pub message: Message,
    /// Its chat.
    pub chat: Chat,
    /// The acting user's role in it.
    pub role: Role,
}

/// Deletes a message: by its author, within the portal's edit period, or by a manager of its group chat.
///
/// # Errors
/// [`CannotEdit`]; then nothing changes.
pub fn delete(
    cx: &mut Cx<'_>,
    id: MessageId,
    deletion: Deletion,
) -> Result<(), Refused<CannotEdit>> {
    let editable = find_editable(cx, id, Editor::AuthorOrManager)?;
    remove(cx, editable, deletion)
}

/// Deletes a message that was found by [`find_editable`].
pub(crate) fn remove(
    cx: &mut Cx<'_>,
    editable: Editable,
    deletion: Deletion,
) -> Result<(), Refused<CannotEdit>> {
    let Editable {
        message,
        chat,
        role,
    } = editable;
    let complete = deletion == Deletion::Complete
        || manages(&chat, role)
        || chat.kind.is_channel()
        || !is_viewed(cx, &message)?;
    if message.deleted && !complete {
        return Err(Refused::Because(CannotEdit));
    }
    words::exchange(cx, &chat, &message, "")?;
    mention::unindex(cx, &message)?;
    delete_files(cx, message.id)?;
    if complete {
        remove_completely(cx, &message, &chat)?;
    } else {
        message::update_to_tombstone(cx.tx, chat.id, message.id, cx.now)?;
    }
    cx.record(Event::MessageDeleted {
        before: Box::new(message),
        complete,
        by: cx.user,
    });
    Ok(())
}

/// Deletes a message completely: every counter is computed without it, and if it was the chat's last message, the one before
/// it becomes the last.
fn remove_completely(cx: &mut Cx<'_>, message: &Message, chat: &Chat) -> Result<(), StoreError> {
    let place = Place {
        id: message.id,
        seq: message.seq,
    };
    message::delete(cx.tx, place, chat.id)?;
    let last = if chat.tail.last_message == message.id {
        message::find_at_or_before(cx.tx, chat.id, message.seq)?.map(|place| (place.id, place.seq))
    } else {
        Some((chat.tail.last_message, chat.tail.last_message_seq))
    };
    chat::shrink(cx.tx, chat.id, message.seq, last)
}

/// A message that the acting user may change; its chat is locked exclusively.
///
/// # Errors
/// [`CannotEdit`]: no such message, a notice, another's message (unless `editor` allows managers), a message that is no
/// longer visible, or an expired edit period.
pub fn find_editable(
    cx: &mut Cx<'_>,
    id: MessageId,
    editor: Editor,
) -> Result<Editable, Refused<CannotEdit>> {
    const NO: Refused<CannotEdit> = Refused::Because(CannotEdit);
    let place = message::find(cx.tx, id)?.ok_or(NO)?;
    let chat = chat::lock_exclusive(cx.tx, place.chat)?.ok_or(NO)?;
    // Read again: it could change until the lock was taken.
    let message = message::find(cx.tx, id)?.ok_or(NO)?;
    let member = member::find(cx.tx, chat.id, cx.user)?.ok_or(NO)?.member;
    if message.kind == MessageKind::Notice || message.seq < member.read.visible_from {
        return Err(NO);
    }
    let in_time = cx
        .rules
        .edit_period
        .is_none_or(|period| cx.now.get() - message.created_at.get() <= period);
    // The pages of bots say that a bot's system messages, which show no author, are not its own.
    let author = if cx.acts_as_bot() {
        message.shown_author()
    } else {
        message.author
    };
    let as_author = author == cx.user && in_time;
    let as_manager = editor == Editor::AuthorOrManager && manages(&chat, member.role);
    if !as_author && !as_manager {
        return Err(NO);
    }
    Ok(Editable {
        message,
        chat,
        role: member.role,
    })
}

/// Whether this role may delete messages of others.
fn manages(chat: &Chat, role: Role) -> bool {
    role >= Role::Manager && chat.kind != ChatKind::Private
}

/// Whether a message was viewed, so that deleting it leaves a tombstone. Members who hide receipts are left out.
fn is_viewed(cx: &mut Cx<'_>, message: &Message) -> Result<bool, StoreError> {
    view::exists(cx.tx, message.as_viewed())
}

/// Deletes the files of a message that is deleted or becomes a tombstone (rule R9).
fn delete_files(cx: &mut Cx<'_>, message: MessageId) -> Result<(), StoreError> {
    let mut files = disk::list_of_message(cx.tx, message)?;
    // Contents are locked in one order, to avoid deadlocks.
    files.sort_by(|one, other| one.content.name.cmp(&other.content.name));
    for file in files {
        disk::delete(cx.tx, &file, cx.now)?;
    }
    Ok(())
}
