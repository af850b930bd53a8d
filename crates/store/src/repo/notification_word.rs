//! The index of words in notifications, for `im.notify.history.search`.

use readmark_model::{NotificationId, UserId, text};

use super::{split::with_parts, word::prefix_end};
use crate::{StoreError, Tx, TxExt, params};

/// Indexes a new notification.
pub(super) fn insert(
    tx: &mut dyn Tx,
    user: UserId,
    id: NotificationId,
    text: &str,
) -> Result<(), StoreError> {
    let words = text::search_words(text);
    if words.is_empty() {
        return Ok(());
    }
    let sql = with_parts!(
        tx,
        "INSERT INTO notification_words (user_id, word, notification_id) \
         SELECT CAST(?1 AS BIGINT), part, CAST(?2 AS BIGINT) FROM ",
        "?3",
        " WHERE true ON CONFLICT DO NOTHING"
    );
    tx.execute(sql, params![user, id, &words.join(" ")])
        .map(drop)
}

/// Removes a notification with this text from the index.
pub(super) fn delete(
    tx: &mut dyn Tx,
    user: UserId,
    id: NotificationId,
    text: &str,
) -> Result<(), StoreError> {
    let words = text::search_words(text);
    if words.is_empty() {
        return Ok(());
    }
    let sql = with_parts!(
        tx,
        "DELETE FROM notification_words WHERE user_id = ?1 AND notification_id = ?2 AND word IN (SELECT part FROM ",
        "?3",
        ")"
    );
    tx.execute(sql, params![user, id, &words.join(" ")])
        .map(drop)
}

/// The notifications of a recipient that have a word beginning with `prefix`, each once, in no particular order.
pub fn list(
    tx: &mut dyn Tx,
    user: UserId,
    prefix: &str,
) -> Result<Vec<NotificationId>, StoreError> {
    tx.list(
        "SELECT DISTINCT notification_id FROM notification_words WHERE user_id = ?1 AND word >= ?2 AND word < ?3",
        params![user, prefix, &prefix_end(prefix)],
        |row| row.id(0),
    )
}
