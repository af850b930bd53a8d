//! The outbox (rule R16): events written in the same commit as the change that they tell of.

use readmark_model::{Event, EventKind, Timestamp};

use crate::{StoreError, Tx, TxExt, params};

/// Writes an event.
///
/// # Errors
/// When the store fails.
pub fn insert(tx: &mut dyn Tx, event: &Event, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO events (kind, created_at, chat_id, user_id, message_id, value) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![event.kind.code(), now, event.chat, event.user, event.message, event.value],
    )
    .map(drop)
}

/// Events after an id, in the order of ids.
///
/// # Errors
/// When the store fails.
pub fn list_after(
    tx: &mut dyn Tx,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, Event)>, StoreError> {
    tx.list(
        "SELECT id, kind, chat_id, user_id, message_id, value FROM events WHERE id > ?1 ORDER BY id LIMIT ?2",
        params![after, limit],
        |row| {
            Ok((
                row.int(0)?,
                Event {
                    kind: EventKind::from_code(row.int(1)?).ok_or(StoreError::Decode("unknown kind of event"))?,
                    chat: row.opt_id(2)?,
                    user: row.opt_id(3)?,
                    message: row.opt_id(4)?,
                    value: row.opt_int(5)?,
                },
            ))
        },
    )
}

/// The greatest id given to an event, 0 for none.
///
/// # Errors
/// When the store fails.
pub fn get_last_id(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    tx.get(
        "SELECT coalesce(max(id), 0) FROM events",
        params![],
        |row| row.int(0),
    )
}

/// Deletes up to `limit` of the oldest events that are older than `before`; answers how many.
///
/// # Errors
/// When the store fails.
pub fn delete_older(tx: &mut dyn Tx, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM events WHERE id IN (SELECT id FROM (SELECT id, created_at FROM events ORDER BY id LIMIT ?2) oldest \
         WHERE created_at < ?1)",
        params![before, limit],
    )
}
