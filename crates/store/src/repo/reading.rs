//! What a read writes (rules R1, R13, R15), in as few statements as the database allows: they are most of the cost of the
//! hottest path.

use readmark_model::{Timestamp, ViewRange, member::Member};

use crate::{
    StoreError, Tx,
    dialect::Dialect,
    params,
    repo::{member, view},
};

/// Records a read: the member's state, and the view row of what was newly viewed at a time.
pub fn record(
    tx: &mut dyn Tx,
    member: &Member,
    viewed: Option<(ViewRange, Timestamp)>,
    now: Timestamp,
) -> Result<(), StoreError> {
    match (tx.dialect(), viewed) {
        (Dialect::Postgres, Some((range, at))) => record_at_once(tx, member, range, at, now),
        (_, viewed) => {
            if let Some((range, at)) = viewed {
                view::insert(tx, member.chat, member.user, range, at)?;
            }
            member::update_read(tx, member, now)
        }
    }
}

/// Both rows in one statement, as each statement is a round trip to the server. SQLite has no such statement and needs
/// none.
fn record_at_once(
    tx: &mut dyn Tx,
    member: &Member,
    range: ViewRange,
    at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "WITH viewed AS (INSERT INTO views (chat_id, user_id, to_seq, from_seq, viewed_at) VALUES (?2, ?1, ?9, ?10, ?11)) \
         UPDATE members SET cursor_seq = ?3, viewed_seq = ?4, marked_seq = ?5, unread_flag = ?6, hidden_seq = ?7, \
         changed_at = ?8 WHERE user_id = ?1 AND chat_id = ?2",
        params![
            member.user,
            member.chat,
            member.read.cursor,
            member.read.viewed,
            member.read.marked,
            member.read.unread_flag,
            member.hidden_seq,
            now,
            range.to,
            range.from,
            at,
        ],
    )
    .map(drop)
}
