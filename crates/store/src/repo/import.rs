//! Imports from other messengers: a record of each, and the statements that only imports need.

use readmark_model::{ChatId, Seq, Timestamp, UserId, chat::Tail};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    sql::sql,
};

/// An import, done or in progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The messenger that the archive is from: `slack`.
    pub source: String,
    /// What identifies the archive: its SHA-256 in hexadecimal digits.
    pub fingerprint: String,
    /// When it was imported.
    pub imported_at: Timestamp,
    /// Number of users and bots imported.
    pub users: i64,
    /// Number of chats imported.
    pub chats: i64,
    /// Number of messages imported.
    pub messages: i64,
}

/// When an archive was imported, if it was.
pub fn find(
    tx: &mut dyn Tx,
    source: &str,
    fingerprint: &str,
) -> Result<Option<Timestamp>, StoreError> {
    tx.find(
        "SELECT imported_at FROM imports WHERE source = ?1 AND fingerprint = ?2",
        params![source, fingerprint],
        |row| row.id(0),
    )
}

columns! {
    Import from "imports" {
        source: String = "source",
        fingerprint: String = "fingerprint",
        imported_at: Timestamp = "imported_at",
        users: i64 = "users",
        chats: i64 = "chats",
        messages: i64 = "messages",
    }
}

/// Every import, in the order in which they were started.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<Import>, StoreError> {
    tx.list(
        sql!(Import::SELECT, " ORDER BY id"),
        params![],
        Import::from_row,
    )
}

/// Records an import; `false` when the same archive is recorded already.
pub fn insert(tx: &mut dyn Tx, import: &Import) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "INSERT INTO imports (source, fingerprint, imported_at, users, chats, messages) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT DO NOTHING",
        params![
            &import.source,
            &import.fingerprint,
            import.imported_at,
            import.users,
            import.chats,
            import.messages,
        ],
    )?;
    Ok(rows > 0)
}

/// Writes the numbers of a recorded import once it is done.
pub fn update(tx: &mut dyn Tx, import: &Import) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE imports SET users = ?3, chats = ?4, messages = ?5 WHERE source = ?1 AND fingerprint = ?2",
        params![
            &import.source,
            &import.fingerprint,
            import.users,
            import.chats,
            import.messages,
        ],
    )
    .map(drop)
}

/// Writes the end of a chat whose messages were all written by [`message::insert`](super::message::insert) alone, and their
/// words by [`word::insert_all`](super::word::insert_all).
pub fn update_tail(
    tx: &mut dyn Tx,
    chat: ChatId,
    tail: &Tail,
    message_count: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE chats SET last_seq = ?2, last_post_seq = ?3, last_message_id = ?4, last_message_seq = ?5, \
         last_activity_at = ?6, message_count = ?7, indexed_seq = ?2, uncounted_seq = ?2 WHERE id = ?1",
        params![
            chat,
            tail.last_seq,
            tail.last_post_seq,
            tail.last_message,
            tail.last_message_seq,
            tail.last_activity_at,
            message_count,
        ],
    )
    .map(drop)
}

/// Closes a chat that is archived at its source: members see no input field, and only the owner may post.
pub fn update_closed(tx: &mut dyn Tx, chat: ChatId) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE chats SET can_post = 3, text_field_enabled = 0 WHERE id = ?1",
        params![chat],
    )
    .map(drop)
}

/// Sets the cursor of a member of an imported chat, once the chat's end is written.
pub fn update_cursor(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
    cursor: Seq,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE members SET cursor_seq = ?3, changed_at = ?4, own_seq = (SELECT c.last_seq FROM chats c WHERE c.id = ?1) \
         WHERE chat_id = ?1 AND user_id = ?2",
        params![chat, user, cursor, now],
    )
    .map(drop)
}
