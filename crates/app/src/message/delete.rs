//! Deleting a message (rule R9).

use readmark_model::{ChatKind, Event, EventKind, MessageId, MessageKind, Role, text};
use readmark_store::{
    StoreError,
    repo::{
        chat::{self, Chat},
        member,
        message::{self, Message, Place},
        view::{self, Viewed},
    },
};

use crate::{Cx, Refused};

/// The parameters of a tombstone, as clients expect them of a deleted message.
const TOMBSTONE_PARAMS: &str = r#"{"IS_DELETED":"Y"}"#;

/// How to delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// By the rules: completely where nobody viewed it, in channels and by managers; else a tombstone stays.
    ByRule,
    /// Completely: a bot's `complete`.
    Complete,
}

/// The one who acts may not change the message, or there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CannotEdit;

/// Deletes a message: by its author, within the portal's edit period, or by a manager of its group chat.
///
/// # Errors
/// [`CannotEdit`]; then nothing changes.
pub fn delete(
    cx: &mut Cx<'_>,
    id: MessageId,
    deletion: Deletion,
) -> Result<(), Refused<CannotEdit>> {
    let (message, chat, role) = find_editable(cx, id, true)?;
    let manages = role >= Role::Manager && chat.kind != ChatKind::Private;
    let complete = deletion == Deletion::Complete
        || manages
        || chat.kind.is_channel()
        || !is_viewed(cx, &message)?;
    if message.deleted && !complete {
        return Err(Refused::Because(CannotEdit));
    }
    message::delete_words(
        cx.tx,
        chat.id,
        message.seq,
        &text::search_words(&message.text),
    )?;
    if complete {
        message::delete(
            cx.tx,
            Place {
                id,
                seq: message.seq,
            },
            chat.id,
        )?;
        let last = if chat.tail.last_message == id {
            message::find_at_or_before(cx.tx, chat.id, message.seq)?
        } else {
            Some(Place {
                id: chat.tail.last_message,
                seq: chat.tail.last_message_seq,
            })
        };
        chat::shrink(cx.tx, chat.id, last.map(|place| (place.id, place.seq)))?;
    } else {
        message::update_to_tombstone(cx.tx, id, TOMBSTONE_PARAMS, cx.now)?;
    }
    let event = Event::in_chat(EventKind::MessageDeleted, chat.id, cx.user)
        .message(id)
        .value(i64::from(complete));
    cx.emit(event)?;
    Ok(())
}

/// A message that the one who acts may change, with its chat, held until the transaction ends.
///
/// # Errors
/// [`CannotEdit`]: no such message, a notice, another's message (unless `by_manager` and a manager asks), a message that
/// cannot be seen any more, or the edit period is over.
pub fn find_editable(
    cx: &mut Cx<'_>,
    id: MessageId,
    by_manager: bool,
) -> Result<(Message, Chat, Role), Refused<CannotEdit>> {
    const NO: Refused<CannotEdit> = Refused::Because(CannotEdit);
    let place = message::find(cx.tx, id)?.ok_or(NO)?;
    let chat = chat::find_locked(cx.tx, place.chat)?.ok_or(NO)?;
    // Read again: until the lock was had, it could still change.
    let message = message::find(cx.tx, id)?.ok_or(NO)?;
    let membership = member::find(cx.tx, chat.id, cx.user, false)?
        .ok_or(NO)?
        .member;
    if message.kind == MessageKind::Notice || message.seq < membership.read.visible_from {
        return Err(NO);
    }
    let manages = by_manager && membership.role >= Role::Manager && chat.kind != ChatKind::Private;
    let in_time = cx
        .rules
        .edit_period
        .is_none_or(|period| cx.now.get() - message.created_at.get() <= period);
    if manages || message.author == cx.user && in_time {
        Ok((message, chat, membership.role))
    } else {
        Err(NO)
    }
}

/// Whether somebody viewed a message, so that deleting it leaves a tombstone. Members who hide their receipts do not tell.
fn is_viewed(cx: &mut Cx<'_>, message: &Message) -> Result<bool, StoreError> {
    view::exists(
        cx.tx,
        Viewed {
            chat: message.chat,
            seq: message.seq,
            author: message.author,
            created_at: message.created_at,
        },
    )
}
