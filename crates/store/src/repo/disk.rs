//! Files in messages and on users' own drives. Their contents are stored outside of the database.

use readmark_model::{
    ChatId, FileId, MessageId, Timestamp, UserId,
    file::{Content, File, StoredContent},
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    repo::with_lock,
    sql::sql,
};

columns! {
    Content from "contents c" {
        name: String = "c.name",
        size: i64 = "c.size",
        media_type: String = "c.media_type",
        pixels: Option<(i64, i64)> = "c.width, c.height",
        hash: String = "c.hash",
    }
}

columns! {
    File from "disk_files f JOIN contents c ON c.name = f.content" {
        id: FileId = "f.id",
        user: UserId = "f.user_id",
        chat: Option<ChatId> = "f.chat_id",
        message: Option<MessageId> = "f.message_id",
        name: String = "f.name",
        created_at: Timestamp = "f.created_at",
        content: Content = Content::COLUMNS,
    }
}

/// Records a content, which is stored already.
pub fn insert_content(
    tx: &mut dyn Tx,
    content: &Content,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (width, height) = content.pixels.unzip();
    tx.execute(
        "INSERT INTO contents (name, size, media_type, width, height, hash, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            &content.name,
            content.size,
            &content.media_type,
            width,
            height,
            &content.hash,
            now,
        ],
    )
    .map(drop)
}

/// A file to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewFile<'a> {
    /// The name of its content.
    pub content: &'a str,
    /// Its owner.
    pub user: UserId,
    /// Its chat; `None` on the user's own drive.
    pub chat: Option<ChatId>,
    /// Its name.
    pub name: &'a str,
    /// When.
    pub now: Timestamp,
}

/// Adds a file that belongs to no message yet.
pub fn insert(tx: &mut dyn Tx, new: &NewFile<'_>) -> Result<FileId, StoreError> {
    tx.get(
        "INSERT INTO disk_files (content, user_id, chat_id, name, created_at) VALUES (?1, ?2, ?3, ?4, ?5) \
         RETURNING id",
        params![new.content, new.user, new.chat, new.name, new.now],
        |row| row.id(0),
    )
}

/// Attaches a file to a message.
pub fn update_message(tx: &mut dyn Tx, id: FileId, message: MessageId) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE disk_files SET message_id = ?2 WHERE id = ?1",
        params![id, message],
    )
    .map(drop)
}

/// A file by id.
pub fn find(tx: &mut dyn Tx, id: FileId) -> Result<Option<File>, StoreError> {
    tx.find(
        sql!(File::SELECT, " WHERE f.id = ?1"),
        params![id],
        File::from_row,
    )
}

/// The files of a message, in the order in which they were added.
pub fn list_of_message(tx: &mut dyn Tx, message: MessageId) -> Result<Vec<File>, StoreError> {
    tx.list(
        sql!(File::SELECT, " WHERE f.message_id = ?1 ORDER BY f.id"),
        params![message],
        File::from_row,
    )
}

/// Locks a content (`FOR UPDATE`), so that another file can have it too and it is not discarded meanwhile; `false` when it does
/// not exist or is discarded.
pub fn lock_exclusive_content(tx: &mut dyn Tx, name: &str) -> Result<bool, StoreError> {
    let sql = with_lock!(
        tx,
        "SELECT size FROM contents WHERE name = ?1 AND discarded_at IS NULL",
        "FOR UPDATE"
    );
    let found = tx.find(sql, params![name], |row| row.int(0))?;
    Ok(found.is_some())
}

/// Deletes a file, and discards its content if no other file has it.
pub fn delete(tx: &mut dyn Tx, file: &File, now: Timestamp) -> Result<(), StoreError> {
    // Locked first: whoever gives it to another file has done so by now, or waits and finds it discarded.
    lock_exclusive_content(tx, &file.content.name)?;
    tx.execute("DELETE FROM disk_files WHERE id = ?1", params![file.id])?;
    tx.execute(
        "UPDATE contents SET discarded_at = ?2 WHERE name = ?1 AND discarded_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM disk_files WHERE content = ?1)",
        params![&file.content.name, now],
    )
    .map(drop)
}

/// Names of discarded contents, which no file has any more, the first discarded first.
pub fn list_discarded(tx: &mut dyn Tx, limit: i64) -> Result<Vec<String>, StoreError> {
    tx.list(
        "SELECT name FROM contents WHERE discarded_at IS NOT NULL ORDER BY discarded_at, name LIMIT ?1",
        params![limit],
        |row| row.string(0),
    )
}

/// Deletes the record of a discarded content, once the content itself is deleted.
pub fn delete_discarded(tx: &mut dyn Tx, name: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM contents WHERE name = ?1 AND discarded_at IS NOT NULL",
        params![name],
    )
    .map(drop)
}

/// Whether a content is recorded, discarded or not.
pub fn has_content(tx: &mut dyn Tx, name: &str) -> Result<bool, StoreError> {
    let found = tx.find(
        "SELECT size FROM contents WHERE name = ?1",
        params![name],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// Whether a content is recorded and not discarded.
pub fn is_content_needed(tx: &mut dyn Tx, name: &str) -> Result<bool, StoreError> {
    let found = tx.find(
        "SELECT size FROM contents WHERE name = ?1 AND discarded_at IS NULL",
        params![name],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

columns! {
    StoredContent from "contents" {
        name: String = "name",
        size: i64 = "size",
        hash: String = "hash",
        discarded: bool = "CASE WHEN discarded_at IS NULL THEN 0 ELSE 1 END",
    }
}

/// Every content, in the order of names.
pub fn list_contents(tx: &mut dyn Tx) -> Result<Vec<StoredContent>, StoreError> {
    tx.list(
        sql!(StoredContent::SELECT, " ORDER BY name"),
        params![],
        StoredContent::from_row,
    )
}

/// A file as `readmark verify` sees it, without its content's properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// Its id.
    pub id: FileId,
    /// The name of its content.
    pub content: String,
    /// Its owner.
    pub user: UserId,
    /// Its chat.
    pub chat: Option<ChatId>,
    /// Its message.
    pub message: Option<MessageId>,
}

columns! {
    FileRow from "disk_files" {
        id: FileId = "id",
        content: String = "content",
        user: UserId = "user_id",
        chat: Option<ChatId> = "chat_id",
        message: Option<MessageId> = "message_id",
    }
}

/// Every file, in the order of ids.
pub fn list_rows(tx: &mut dyn Tx) -> Result<Vec<FileRow>, StoreError> {
    tx.list(
        sql!(FileRow::SELECT, " ORDER BY id"),
        params![],
        FileRow::from_row,
    )
}

/// The secret that links are signed with. Stores `fresh` if there is none yet.
pub fn get_link_key(tx: &mut dyn Tx, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
    tx.execute(
        "INSERT INTO link_keys (id, secret) VALUES (1, ?1) ON CONFLICT DO NOTHING",
        params![fresh],
    )?;
    tx.get(
        "SELECT secret FROM link_keys WHERE id = 1",
        params![],
        Vec::from_row,
    )
}
