//! Reactions to messages.

use readmark_model::{MessageId, Timestamp, UserId, reaction::Reaction};

use crate::{StoreError, Tx, TxExt, params};

/// Sets a reaction; `false` when it was set already.
pub fn insert(
    tx: &mut dyn Tx,
    id: MessageId,
    user: UserId,
    kind: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "INSERT INTO reactions (message_id, user_id, kind, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        params![id, user, kind, now],
    )?;
    Ok(rows > 0)
}

/// Removes a reaction; `false` when there was none.
pub fn delete(
    tx: &mut dyn Tx,
    id: MessageId,
    user: UserId,
    kind: &str,
) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "DELETE FROM reactions WHERE message_id = ?1 AND user_id = ?2 AND kind = ?3",
        params![id, user, kind],
    )?;
    Ok(rows > 0)
}

/// Removes every reaction to a message.
pub fn delete_all(tx: &mut dyn Tx, id: MessageId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM reactions WHERE message_id = ?1", params![id])
        .map(drop)
}

/// Whether a user has this reaction to a message.
pub fn exists(
    tx: &mut dyn Tx,
    id: MessageId,
    user: UserId,
    kind: &str,
) -> Result<bool, StoreError> {
    Ok(tx
        .find(
            "SELECT 1 FROM reactions WHERE message_id = ?1 AND user_id = ?2 AND kind = ?3",
            params![id, user, kind],
            |_| Ok(()),
        )?
        .is_some())
}

/// The reactions to a message, in the order of time.
pub fn list(tx: &mut dyn Tx, id: MessageId) -> Result<Vec<Reaction>, StoreError> {
    tx.list(
        "SELECT user_id, kind FROM reactions WHERE message_id = ?1 ORDER BY created_at, user_id, kind",
        params![id],
        |row| {
            Ok(Reaction {
                user: row.id(0)?,
                kind: row.string(1)?,
            })
        },
    )
}
