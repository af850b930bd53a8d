//! Notifications of users, and which of them were read.

use readmark_model::{
    ChatId, Document, MessageParams, NotificationId, Timestamp, UserId,
    notification::{Notification, NotificationKind},
};

use super::{
    chat, hot, notification_word,
    split::{join, with_parts},
    with_lock,
};
use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, codes, columns},
    dialect::Dialect,
    memory::{Tables, UnreadNotifications},
    message_params, params,
    sql::sql,
    tx::{Param, Row},
};

/// A notification to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewNotification<'a> {
    /// The recipient.
    pub user: UserId,
    /// The author; 0 for the system.
    pub author: UserId,
    /// On whose behalf it is sent.
    pub kind: NotificationKind,
    /// The application that the tags belong to.
    pub application: &'a str,
    /// The tag, unique for the application; empty for none.
    pub tag: &'a str,
    /// The sub-tag; empty for none.
    pub sub_tag: &'a str,
    /// The text.
    pub text: &'a str,
    /// Attachments.
    pub attach: Option<&'a Document>,
    /// The time of sending.
    pub now: Timestamp,
}

/// Locks a recipient, so that events with the recipient's counters keep their order (rule R14); `false` when there is no such
/// user.
pub fn lock_exclusive_recipient(tx: &mut dyn Tx, user: UserId) -> Result<bool, StoreError> {
    let sql = with_lock!(
        tx,
        "SELECT id FROM users WHERE id = ?1",
        "FOR NO KEY UPDATE"
    );
    Ok(tx.find(sql, params![user], |_| Ok(()))?.is_some())
}

/// Locks a tag of an application, whether there is a notification with it or not. Tags are locked before
/// [recipients](lock_exclusive_recipient), so that nobody deadlocks.
pub fn lock_exclusive_tag(tx: &mut dyn Tx, application: &str, tag: &str) -> Result<(), StoreError> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    tx.find(
        "SELECT 1 FROM pg_advisory_xact_lock(hashtextextended(current_schema() || ' ' || ?1 || ' ' || ?2, 0))",
        params![application, tag],
        |_| Ok(()),
    )
    .map(drop)
}

/// Adds a notification, never older than the recipient's last one. The recipient and the tag are locked, and the tag is free.
///
/// # Errors
/// [`StoreError::Conflict`] when the tag is taken.
pub fn insert(tx: &mut dyn Tx, new: &NewNotification<'_>) -> Result<NotificationId, StoreError> {
    let last: Option<Timestamp> = tx.find(
        "SELECT created_at FROM notifications WHERE user_id = ?1 ORDER BY id DESC LIMIT 1",
        params![new.user],
        |row| row.id(0),
    )?;
    let at = last.map_or(new.now, |last| last.max(new.now));
    if last.is_none() && find_chat(tx, new.user)?.is_none() {
        let chat = chat::take_id(tx)?;
        tx.execute(
            "INSERT INTO notification_chats (user_id, chat_id) VALUES (?1, ?2)",
            params![new.user, chat],
        )?;
    }
    let params = new.attach.map(message_params::encode_attach).transpose()?;
    let id = hot::execute(
        tx,
        Tables::NOTIFICATIONS,
        |tx| {
            tx.get(
        "INSERT INTO notifications (user_id, author_id, kind, application, tag, sub_tag, text, params, created_at, is_read) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0) RETURNING id",
        params![
            new.user,
            new.author,
            new.kind.code(),
            new.application,
            new.tag,
            new.sub_tag,
            new.text,
            params.as_deref(),
            at
        ],
        |row| row.id(0),
        )
        },
        |memory, _| memory.change::<UnreadNotifications>(new.user, |unread| unread.0 += 1),
    )?;
    notification_word::insert(tx, new.user, id, new.text)?;
    Ok(id)
}

/// The id of the chat that clients see a recipient's notifications in; `None` before the first of them. There is no chat with
/// this id.
pub fn find_chat(tx: &mut dyn Tx, user: UserId) -> Result<Option<ChatId>, StoreError> {
    tx.find(
        "SELECT chat_id FROM notification_chats WHERE user_id = ?1",
        params![user],
        |row| row.id(0),
    )
}

/// Recipient, id and text of a deleted notification.
type Deleted = (UserId, NotificationId, String);

fn deleted(row: &dyn Row) -> Result<Deleted, StoreError> {
    Ok((row.id(0)?, row.id(1)?, row.string(2)?))
}

/// Runs a statement that deletes notifications, and removes them from the index of words. Answers their recipients.
fn delete_rows(
    tx: &mut dyn Tx,
    sql: &'static str,
    params: &[Param<'_>],
) -> Result<Vec<UserId>, StoreError> {
    let rows = hot::execute(
        tx,
        Tables::NOTIFICATIONS,
        |tx| tx.list(sql, params, deleted),
        |memory, rows| {
            for (user, ..) in rows {
                memory.forget::<UnreadNotifications>(*user);
            }
        },
    )?;
    unindex(tx, rows)
}

/// Runs a statement that marks notifications of a recipient; answers how many changed.
fn execute_on(
    tx: &mut dyn Tx,
    user: UserId,
    sql: &'static str,
    params: &[Param<'_>],
) -> Result<u64, StoreError> {
    hot::execute(
        tx,
        Tables::NOTIFICATIONS,
        |tx| tx.execute(sql, params),
        |memory, _| memory.forget::<UnreadNotifications>(user),
    )
}

/// Removes deleted notifications from the index of words, and answers their recipients.
fn unindex(tx: &mut dyn Tx, deleted: Vec<Deleted>) -> Result<Vec<UserId>, StoreError> {
    let mut recipients = Vec::with_capacity(deleted.len());
    for (user, id, text) in deleted {
        notification_word::delete(tx, user, id, &text)?;
        recipients.push(user);
    }
    Ok(recipients)
}

/// Deletes a recipient's notification; `false` when there is none.
pub fn delete(tx: &mut dyn Tx, user: UserId, id: NotificationId) -> Result<bool, StoreError> {
    let gone = delete_rows(
        tx,
        "DELETE FROM notifications WHERE user_id = ?1 AND id = ?2 RETURNING user_id, id, text",
        params![user, id],
    )?;
    Ok(!gone.is_empty())
}

/// The recipient of the notification with a tag of an application.
pub fn find_recipient_by_tag(
    tx: &mut dyn Tx,
    application: &str,
    tag: &str,
) -> Result<Option<UserId>, StoreError> {
    tx.find(
        "SELECT user_id FROM notifications WHERE application = ?1 AND tag = ?2 AND tag <> ''",
        params![application, tag],
        |row| row.id(0),
    )
}

/// Deletes the notification with a tag of an application and answers its recipient. The tag and the recipient are locked.
pub fn delete_by_tag(
    tx: &mut dyn Tx,
    application: &str,
    tag: &str,
) -> Result<Vec<UserId>, StoreError> {
    delete_rows(
        tx,
        "DELETE FROM notifications WHERE application = ?1 AND tag = ?2 AND tag <> '' RETURNING user_id, id, text",
        params![application, tag],
    )
}

/// The recipients of notifications with a sub-tag of an application, in the order of ids.
pub fn list_recipients_by_sub_tag(
    tx: &mut dyn Tx,
    application: &str,
    sub_tag: &str,
) -> Result<Vec<UserId>, StoreError> {
    tx.list(
        "SELECT DISTINCT user_id FROM notifications WHERE application = ?1 AND sub_tag = ?2 AND sub_tag <> '' ORDER BY user_id",
        params![application, sub_tag],
        |row| row.id(0),
    )
}

/// Deletes the notifications with a sub-tag of an application to these recipients, who are locked. Answers the recipient of
/// each.
pub fn delete_by_sub_tag(
    tx: &mut dyn Tx,
    application: &str,
    sub_tag: &str,
    recipients: &[UserId],
) -> Result<Vec<UserId>, StoreError> {
    let sql = with_parts!(
        tx,
        "DELETE FROM notifications WHERE application = ?1 AND sub_tag = ?2 AND sub_tag <> '' AND user_id IN \
         (SELECT CAST(part AS BIGINT) FROM ",
        "?3",
        ") RETURNING user_id, id, text"
    );
    let recipients = join(recipients.iter().map(|user| user.get()));
    delete_rows(tx, sql, params![application, sub_tag, &recipients])
}

/// Marks one notification of a recipient as read or unread; answers how many changed.
pub fn mark(
    tx: &mut dyn Tx,
    user: UserId,
    id: NotificationId,
    read: bool,
) -> Result<u64, StoreError> {
    execute_on(
        tx,
        user,
        "UPDATE notifications SET is_read = ?3 WHERE user_id = ?1 AND id = ?2 AND is_read <> ?3",
        params![user, id, read],
    )
}

/// Marks the notifications of a recipient from an id on as read or unread; answers how many changed.
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
    execute_on(tx, user, sql, params![user, first])
}

/// The exact number of unread notifications of a recipient, from an index of these alone.
pub fn count_unread(tx: &mut dyn Tx, user: UserId) -> Result<i64, StoreError> {
    if tx.memory().is_some() {
        let found = hot::find::<UnreadNotifications>(tx, user)?;
        return Ok(found.map_or(0, |unread| unread.0));
    }
    tx.get(
        "SELECT COUNT(*) FROM notifications WHERE user_id = ?1 AND is_read = 0",
        params![user],
        |row| row.int(0),
    )
}

/// The number of notifications of a recipient.
pub fn count(tx: &mut dyn Tx, user: UserId) -> Result<i64, StoreError> {
    tx.get(
        "SELECT COUNT(*) FROM notifications WHERE user_id = ?1",
        params![user],
        |row| row.int(0),
    )
}

codes! {
    NotificationKind = opt_int => NotificationKind::from_code, "unknown kind of notification";
}

columns! {
    Notification from "notifications" {
        id: NotificationId = "id",
        author: UserId = "author_id",
        kind: NotificationKind = "kind",
        application: String = "application",
        tag: String = "tag",
        sub_tag: String = "sub_tag",
        text: String = "text",
        attach: Option<MessageParams> = "params" => |params| Ok(params.and_then(|params| params.attach)),
        created_at: Timestamp = "created_at",
        is_read: bool = "is_read",
    }
}

/// A recipient's notifications before `before`, the latest first.
pub fn list(
    tx: &mut dyn Tx,
    user: UserId,
    before: NotificationId,
    limit: i64,
) -> Result<Vec<Notification>, StoreError> {
    tx.list(
        sql!(
            Notification::SELECT,
            " WHERE user_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3"
        ),
        params![user, before, limit],
        Notification::from_row,
    )
}

/// One of a recipient's notifications.
pub fn find(
    tx: &mut dyn Tx,
    user: UserId,
    id: NotificationId,
) -> Result<Option<Notification>, StoreError> {
    tx.find(
        sql!(Notification::SELECT, " WHERE user_id = ?1 AND id = ?2"),
        params![user, id],
        Notification::from_row,
    )
}

/// Which notifications of a recipient to list.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'a> {
    /// Sent at or after this time.
    pub since: Timestamp,
    /// Sent before this time.
    pub until: Timestamp,
    /// By one of these authors, if given.
    pub authors: Option<&'a [UserId]>,
    /// With this tag or sub-tag, if given.
    pub tag: Option<&'a str>,
    /// The application that the tag belongs to; empty for any.
    pub application: &'a str,
}

/// The notifications of a recipient that pass a filter, the latest first. Costs the entries of an index within the time, and
/// with a tag as many rows.
pub fn list_ids(
    tx: &mut dyn Tx,
    user: UserId,
    filter: &Filter<'_>,
) -> Result<Vec<NotificationId>, StoreError> {
    // Both statements are made from one text.
    macro_rules! filtered {
        ($tagged:expr) => {
            with_parts!(
                tx,
                "SELECT id FROM notifications WHERE user_id = ?1 AND created_at >= ?2 AND created_at < ?3 AND \
                 (?4 = 1 OR author_id IN (SELECT CAST(part AS BIGINT) FROM ",
                "?5",
                sql!("))", $tagged, " ORDER BY id DESC")
            )
        };
    }
    let authors = join(
        filter
            .authors
            .unwrap_or_default()
            .iter()
            .map(|user| user.get()),
    );
    let (since, until, any_author) = (filter.since, filter.until, filter.authors.is_none());
    match filter.tag {
        None => tx.list(
            filtered!(""),
            params![user, since, until, any_author, &authors],
            |row| row.id(0),
        ),
        Some(tag) => tx.list(
            filtered!(" AND (tag = ?6 OR sub_tag = ?6) AND (?7 = '' OR application = ?7)"),
            params![
                user,
                since,
                until,
                any_author,
                &authors,
                tag,
                filter.application
            ],
            |row| row.id(0),
        ),
    }
}

/// Recipient, author and read flag of every notification, for `readmark verify` (rule R17).
pub fn list_flags(tx: &mut dyn Tx) -> Result<Vec<(UserId, UserId, i64)>, StoreError> {
    tx.list(
        "SELECT user_id, author_id, is_read FROM notifications ORDER BY id",
        params![],
        |row| Ok((row.id(0)?, row.id(1)?, row.int(2)?)),
    )
}
