//! Indexing the words and mentions of rows that are older than these indexes. SQL cannot split a text into words, so
//! migrations only record what is due.

use readmark_model::{ChatId, MessageId, NotificationId, UserId, text};

use super::{
    chat,
    mention::{self, MentionSource},
    message, name_word, notification_word, user, with_lock,
};
use crate::{StoreError, Tx, TxExt, params};

/// How many are indexed in one transaction.
const BATCH: i64 = 500;

const CHAT: i64 = 1;
const USER: i64 = 2;
const NOTIFICATION: i64 = 3;
const MESSAGE: i64 = 4;

/// Whether anything is due.
pub fn is_any_left(tx: &mut dyn Tx) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM words_due LIMIT 1";
    Ok(tx.find(sql, params![], |_| Ok(()))?.is_some())
}

/// Indexes a batch of what is due; `false` when nothing was left. Servers that do so at the same time take turns, so that none
/// begins to serve while another one is still indexing.
pub fn index_batch(tx: &mut dyn Tx) -> Result<bool, StoreError> {
    let sql = with_lock!(tx, "SELECT id FROM portal WHERE id = 1", "FOR UPDATE");
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
            CHAT => index_chat(tx, ChatId(id))?,
            USER => index_user(tx, UserId(id))?,
            NOTIFICATION => index_notification(tx, NotificationId(id))?,
            MESSAGE => index_mentions(tx, MessageId(id))?,
            _ => return Err(StoreError::Decode("an unknown kind of index entry is due")),
        }
    }
    Ok(any)
}

fn index_chat(tx: &mut dyn Tx, id: ChatId) -> Result<(), StoreError> {
    match chat::lock_exclusive(tx, id)? {
        Some(found) => name_word::replace_chat(tx, id, &found.title),
        None => Ok(()),
    }
}

fn index_user(tx: &mut dyn Tx, id: UserId) -> Result<(), StoreError> {
    match user::lock_exclusive(tx, id)? {
        Some(found) => name_word::replace_user(tx, id, &found),
        None => Ok(()),
    }
}

fn index_notification(tx: &mut dyn Tx, id: NotificationId) -> Result<(), StoreError> {
    let found: Option<(UserId, String)> = tx.find(
        "SELECT user_id, text FROM notifications WHERE id = ?1",
        params![id],
        |row| Ok((row.id(0)?, row.string(1)?)),
    )?;
    match found {
        Some((user, text)) => notification_word::insert(tx, user, id, &text),
        None => Ok(()),
    }
}

fn index_mentions(tx: &mut dyn Tx, id: MessageId) -> Result<(), StoreError> {
    let Some(found) = message::find(tx, id)? else {
        return Ok(());
    };
    let by = MentionSource {
        chat: found.chat,
        seq: found.seq,
        message: id,
        author: found.author,
    };
    mention::insert(tx, &by, &text::mentions(&found.text))
}
