//! Read state of one dialog (rules R1, R3, R11).

pub mod detail;
pub mod read;
pub mod read_all;
pub mod unread;

use readmark_model::{ChatId, Seq, chat::Tail};
use readmark_store::{StoreError, repo::counter};

use crate::{Cx, Rules};

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
