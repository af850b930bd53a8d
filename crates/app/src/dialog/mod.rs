//! Read state of one dialog (rules R1, R3, R11).

pub mod detail;
pub mod read;
pub mod read_all;
pub mod unread;

use readmark_model::{ChatId, MessageId, Seq};
use readmark_store::{
    StoreError,
    repo::{chat::Tail, counter, message},
};

use crate::{Cx, Rules};

/// The last message at or before a cursor, 0 for none: `last_id` on the wire.
pub(crate) fn last_read_id(
    cx: &mut Cx<'_>,
    chat: ChatId,
    cursor: Seq,
    tail: &Tail,
) -> Result<MessageId, StoreError> {
    if cursor >= tail.last_message_seq {
        return Ok(tail.last_message);
    }
    Ok(message::find_at_or_before(cx.tx, chat, cursor)?
        .map_or_else(MessageId::default, |place| place.id))
}

/// The counter as shown (rules R2, R18).
pub(crate) fn shown_counter(
    cx: &mut Cx<'_>,
    chat: ChatId,
    cursor: Seq,
    tail: &Tail,
) -> Result<i64, StoreError> {
    let rules: Rules = cx.rules;
    Ok(rules.cap(counter::count(cx.tx, chat, cx.user, cursor, tail.last_seq)?))
}
