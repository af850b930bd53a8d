//! `im.dialog.unread` (rule R3).

use readmark_model::{ChatId, Event, MessageId, Seq, member::Member, read_state};
use readmark_store::{
    StoreError,
    repo::{
        member::{self, Membership},
        message::{self, Place},
    },
};

use crate::{Cx, dialog::shown_counter};

/// Marks a chat as unread from its first visible message at or above `id`. `false`, and nothing changes, when there is none
/// or the acting user is not a member.
pub fn unread(cx: &mut Cx<'_>, chat: ChatId, id: MessageId) -> Result<bool, StoreError> {
    let Some(Membership { tail, member, .. }) = member::lock_exclusive(cx.tx, chat, cx.user)?
    else {
        return Ok(false);
    };
    if id > tail.last_message {
        return Ok(false);
    }
    let Some(first) = first_at_or_above(cx, &member, id, tail.last_seq)? else {
        return Ok(false);
    };
    let after = Member {
        read: read_state::unread(member.read, first.seq),
        hidden_seq: None,
        ..member.clone()
    };
    if after.read == member.read && !member.is_hidden(&tail) {
        return Ok(true);
    }
    member::update_read(cx.tx, &after, cx.now)?;
    let counter = shown_counter(cx, chat, after.read.cursor, &tail)?;
    cx.record(Event::DialogUnread {
        chat,
        user: cx.user,
        first_unread: first.id,
        counter,
    });
    Ok(true)
}

/// The chat's first message that the member may see with an id at or above the given one.
fn first_at_or_above(
    cx: &mut Cx<'_>,
    member: &Member,
    id: MessageId,
    last: Seq,
) -> Result<Option<Place>, StoreError> {
    let below = message::find_at_or_below_id(cx.tx, member.chat, MessageId(id.get() - 1), last)?;
    let from = below
        .map_or(Seq(1), |place| place.seq.next())
        .max(member.read.visible_from);
    message::find_at_or_after(cx.tx, member.chat, from)
}
