//! Words of what was stored before they were kept: a migration cannot take texts apart, so that it only notes what is due.

use readmark_model::{ChatId, NotificationId, UserId};

use super::{chat, locking, name_word, notification_word, user};
use crate::{StoreError, Tx, TxExt, params};

/// How many chats, users and notifications are done in one transaction.
const BATCH: i64 = 500;

const CHAT: i64 = 1;
const USER: i64 = 2;

/// Whether any are due.
///
/// # Errors
/// When the store fails.
pub fn are_left(tx: &mut dyn Tx) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM words_due LIMIT 1";
    Ok(tx.find(sql, params![], |_| Ok(()))?.is_some())
}

/// Stores the words of some that are due; `false` when none was left. Servers that do so at once come one after the other, so that
/// none begins to serve while another is still at it.
///
/// # Errors
/// When the store fails.
pub fn store_some(tx: &mut dyn Tx) -> Result<bool, StoreError> {
    let sql = locking!(tx, true, "SELECT id FROM portal WHERE id = 1", "FOR UPDATE");
    tx.find(sql, params![], |_| Ok(()))?;
    let due = tx.list(
        "DELETE FROM words_due WHERE (kind, id) IN (SELECT kind, id FROM words_due ORDER BY kind, id LIMIT ?1) \
         RETURNING kind, id",
        params![BATCH],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )?;
    let any = !due.is_empty();
    for (kind, id) in due {
        match kind {
            CHAT => {
                if let Some(found) = chat::find_locked(tx, ChatId(id))? {
                    name_word::replace_chat(tx, found.id, &found.title)?;
                }
            }
            USER => {
                if let Some(found) = user::find_locked(tx, UserId(id))? {
                    name_word::replace_user(tx, found.id, &found)?;
                }
            }
            _ => {
                let id = NotificationId(id);
                let found = tx.find(
                    "SELECT user_id, text FROM notifications WHERE id = ?1",
                    params![id],
                    |row| Ok((row.id(0)?, row.string(1)?)),
                )?;
                if let Some((user, text)) = found {
                    notification_word::insert(tx, user, id, &text)?;
                }
            }
        }
    }
    Ok(any)
}
