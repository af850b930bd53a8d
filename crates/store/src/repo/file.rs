//! Files that the portal serves: pictures of users, bots and chats.

use readmark_model::{Timestamp, file::PublicFile};

use crate::{StoreError, Tx, TxExt, params};

/// Adds a file, which is found by `token`; that must be hard to guess.
///
/// # Errors
/// [`StoreError::Conflict`] when the token is taken.
pub fn insert(
    tx: &mut dyn Tx,
    media_type: &str,
    content: &[u8],
    token: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO files (media_type, content, created_at, token) VALUES (?1, ?2, ?3, ?4)",
        params![media_type, content, now, token],
    )
    .map(drop)
}

/// A file by its token.
pub fn find(tx: &mut dyn Tx, token: &str) -> Result<Option<PublicFile>, StoreError> {
    tx.find(
        "SELECT media_type, content, created_at FROM files WHERE token = ?1",
        params![token],
        |row| {
            let content = row
                .opt_blob(1)?
                .ok_or(StoreError::Decode("a file without content"))?;
            Ok(PublicFile {
                media_type: row.string(0)?,
                content: content.to_vec(),
                created_at: row.id(2)?,
            })
        },
    )
}

/// Deletes a file; `false` when there was none.
pub fn delete(tx: &mut dyn Tx, token: &str) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM files WHERE token = ?1", params![token])? > 0)
}
