//! Notifications: who was told what, and whether it was read.

use readmark_model::{NotificationId, Timestamp, UserId};

use super::locking;
use crate::{StoreError, Tx, TxExt, params};

/// On whose behalf a notification comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationKind {
    /// Of its author.
    Personal,
    /// Of the system.
    System,
}

impl NotificationKind {
    /// The number stored, which clients know too.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Personal => 2,
            Self::System => 4,
        }
    }

    /// The reverse of [`NotificationKind::code`].
    #[must_use]
    pub const fn from_code(code: i64) -> Option<Self> {
        match code {
            2 => Some(Self::Personal),
            4 => Some(Self::System),
            _ => None,
        }
    }
}

/// What a new notification says.
#[derive(Clone, Copy, Debug)]
pub struct NewNotification<'a> {
    /// To whom.
    pub user: UserId,
    /// From whom; 0 for the system.
    pub author: UserId,
    /// On whose behalf.
    pub kind: NotificationKind,
    /// Whose tags these are.
    pub application: &'a str,
    /// The tag, unique in the application; empty for none.
    pub tag: &'a str,
    /// The further tag; empty for none.
    pub sub_tag: &'a str,
    /// The text.
    pub text: &'a str,
    /// Parameters, opaque here.
    pub params: Option<&'a str>,
    /// When.
    pub now: Timestamp,
}

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// From whom; 0 for the system.
    pub author: UserId,
    /// On whose behalf.
    pub kind: NotificationKind,
    /// Whose tags these are.
    pub application: String,
    /// The tag, or empty.
    pub tag: String,
    /// The further tag, or empty.
    pub sub_tag: String,
    /// The text.
    pub text: String,
    /// Parameters, opaque here.
    pub params: Option<String>,
    /// When.
    pub created_at: Timestamp,
    /// Whether the recipient read it.
    pub is_read: bool,
}

/// Holds a recipient until the transaction ends, so that the recipient's counters are told in their order (rule R14).
/// `false` when there is no such user.
///
/// # Errors
/// When the store fails.
pub fn lock_recipient(tx: &mut dyn Tx, user: UserId) -> Result<bool, StoreError> {
    let sql = locking!(
        tx,
        true,
        "SELECT id FROM users WHERE id = ?1",
        "FOR NO KEY UPDATE"
    );
    Ok(tx.find(sql, params![user], |_| Ok(()))?.is_some())
}

/// Stores a notification; `None` when its tag is taken. It is never older than the recipient's last one.
///
/// # Errors
/// When the store fails.
pub fn insert(
    tx: &mut dyn Tx,
    new: &NewNotification<'_>,
) -> Result<Option<NotificationId>, StoreError> {
    let last: Option<Timestamp> = tx.find(
        "SELECT created_at FROM notifications WHERE user_id = ?1 ORDER BY id DESC LIMIT 1",
        params![new.user],
        |row| row.id(0),
    )?;
    let at = last.map_or(new.now, |last| last.max(new.now));
    tx.find(
        "INSERT INTO notifications (user_id, author_id, kind, application, tag, sub_tag, text, params, created_at, is_read) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0) ON CONFLICT DO NOTHING RETURNING id",
        params![
            new.user,
            new.author,
            new.kind.code(),
            new.application,
            new.tag,
            new.sub_tag,
            new.text,
            new.params,
            at
        ],
        |row| row.id(0),
    )
}

/// Deletes a recipient's notification; `false` when there is none.
///
/// # Errors
/// When the store fails.
pub fn delete(tx: &mut dyn Tx, user: UserId, id: NotificationId) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "DELETE FROM notifications WHERE user_id = ?1 AND id = ?2",
        params![user, id],
    )?;
    Ok(rows > 0)
}

/// Deletes the notification with a tag of an application, whoever got it, and answers who.
///
/// # Errors
/// When the store fails.
pub fn delete_by_tag(
    tx: &mut dyn Tx,
    application: &str,
    tag: &str,
) -> Result<Vec<UserId>, StoreError> {
    tx.list(
        "DELETE FROM notifications WHERE application = ?1 AND tag = ?2 AND tag <> '' RETURNING user_id",
        params![application, tag],
        |row| row.id(0),
    )
}

/// Deletes the notifications with a further tag of an application, and answers each one's recipient.
///
/// # Errors
/// When the store fails.
pub fn delete_by_sub_tag(
    tx: &mut dyn Tx,
    application: &str,
    sub_tag: &str,
) -> Result<Vec<UserId>, StoreError> {
    tx.list(
        "DELETE FROM notifications WHERE application = ?1 AND sub_tag = ?2 AND sub_tag <> '' RETURNING user_id",
        params![application, sub_tag],
        |row| row.id(0),
    )
}

/// Marks one notification of a recipient; answers how many changed.
///
/// # Errors
/// When the store fails.
pub fn mark(
    tx: &mut dyn Tx,
    user: UserId,
    id: NotificationId,
    read: bool,
) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE notifications SET is_read = ?3 WHERE user_id = ?1 AND id = ?2 AND is_read <> ?3",
        params![user, id, read],
    )
}

/// Marks a recipient's notifications with this id or a greater one; answers how many changed.
///
/// # Errors
/// When the store fails.
pub fn mark_from(
    tx: &mut dyn Tx,
    user: UserId,
    first: NotificationId,
    read: bool,
) -> Result<u64, StoreError> {
    let sql = if read {
        "UPDATE notifications SET is_read = 1 WHERE user_id = ?1 AND id >= ?2 AND is_read = 0"
    } else {
        "UPDATE notifications SET is_read = 0 WHERE user_id = ?1 AND id >= ?2 AND is_read = 1"
    };
    tx.execute(sql, params![user, first])
}

/// How many notifications a recipient has not read: exact, from the index of these alone.
///
/// # Errors
/// When the store fails.
pub fn count_unread(tx: &mut dyn Tx, user: UserId) -> Result<i64, StoreError> {
    tx.get(
        "SELECT COUNT(*) FROM notifications WHERE user_id = ?1 AND is_read = 0",
        params![user],
        |row| row.int(0),
    )
}

/// How many notifications a recipient has.
///
/// # Errors
/// When the store fails.
pub fn count(tx: &mut dyn Tx, user: UserId) -> Result<i64, StoreError> {
    tx.get(
        "SELECT COUNT(*) FROM notifications WHERE user_id = ?1",
        params![user],
        |row| row.int(0),
    )
}

/// A recipient's notifications before `before`, the latest first.
///
/// # Errors
/// When the store fails.
pub fn list(
    tx: &mut dyn Tx,
    user: UserId,
    before: NotificationId,
    limit: i64,
) -> Result<Vec<Notification>, StoreError> {
    tx.list(
        "SELECT id, author_id, kind, application, tag, sub_tag, text, params, created_at, is_read FROM notifications \
         WHERE user_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
        params![user, before, limit],
        |row| {
            Ok(Notification {
                id: row.id(0)?,
                author: row.id(1)?,
                kind: NotificationKind::from_code(row.int(2)?)
                    .ok_or(StoreError::Decode("unknown kind of notification"))?,
                application: row.string(3)?,
                tag: row.string(4)?,
                sub_tag: row.string(5)?,
                text: row.string(6)?,
                params: row.opt_text(7)?.map(str::to_owned),
                created_at: row.id(8)?,
                is_read: row.bool(9)?,
            })
        },
    )
}

/// Recipient, author and read flag of every notification, for `readmark verify` (rule R17).
///
/// # Errors
/// When the store fails.
pub fn list_flags(tx: &mut dyn Tx) -> Result<Vec<(UserId, UserId, i64)>, StoreError> {
    tx.list(
        "SELECT user_id, author_id, is_read FROM notifications ORDER BY id",
        params![],
        |row| Ok((row.id(0)?, row.id(1)?, row.int(2)?)),
    )
}
