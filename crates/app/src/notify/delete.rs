//! `im.notify.delete`, and the replacement of a notification by another with its tag.

use std::collections::BTreeSet;

use readmark_model::{Event, NotificationId, UserId};
use readmark_store::{StoreError, repo::notification};

use crate::Cx;

/// Deletes a notification of the acting user; `false` when there is none.
pub fn by_id(cx: &mut Cx<'_>, id: NotificationId) -> Result<bool, StoreError> {
    notification::lock_exclusive_recipient(cx.tx, cx.user)?;
    let deleted = notification::delete(cx.tx, cx.user, id)?;
    if deleted {
        record(cx, [cx.user])?;
    }
    Ok(deleted)
}

/// Deletes the notification with a tag of an application, for any recipient; `false` when there is none.
pub fn by_tag(cx: &mut Cx<'_>, application: &str, tag: &str) -> Result<bool, StoreError> {
    free_tag(cx, application, tag, None)
}

/// Deletes the notification with a tag of an application. Locks the tag, unless it is empty, and `next`, the recipient of the
/// next notification.
pub(super) fn free_tag(
    cx: &mut Cx<'_>,
    application: &str,
    tag: &str,
    next: Option<UserId>,
) -> Result<bool, StoreError> {
    let mut holder = None;
    if !tag.is_empty() {
        notification::lock_exclusive_tag(cx.tx, application, tag)?;
        holder = notification::find_recipient_by_tag(cx.tx, application, tag)?;
    }
    lock_exclusive_recipients(cx, holder.into_iter().chain(next))?;
    if holder.is_none() {
        return Ok(false);
    }
    let recipients = notification::delete_by_tag(cx.tx, application, tag)?;
    record(cx, recipients)
}

/// Deletes the notifications with a sub-tag of an application, for all recipients; `false` when there is none. Those that a
/// new recipient gets concurrently stay.
pub fn by_sub_tag(cx: &mut Cx<'_>, application: &str, sub_tag: &str) -> Result<bool, StoreError> {
    let locked = notification::list_recipients_by_sub_tag(cx.tx, application, sub_tag)?;
    lock_exclusive_recipients(cx, locked.iter().copied())?;
    let recipients = notification::delete_by_sub_tag(cx.tx, application, sub_tag, &locked)?;
    record(cx, recipients)
}

/// Locks recipients in id order, after tags and before rows, to avoid deadlocks.
fn lock_exclusive_recipients(
    cx: &mut Cx<'_>,
    users: impl IntoIterator<Item = UserId>,
) -> Result<(), StoreError> {
    let users: BTreeSet<UserId> = users.into_iter().collect();
    for user in users {
        notification::lock_exclusive_recipient(cx.tx, user)?;
    }
    Ok(())
}

/// One event for each recipient; they are locked.
fn record(
    cx: &mut Cx<'_>,
    recipients: impl IntoIterator<Item = UserId>,
) -> Result<bool, StoreError> {
    let recipients: BTreeSet<UserId> = recipients.into_iter().collect();
    for &user in &recipients {
        let unread = notification::count_unread(cx.tx, user)?;
        cx.record(Event::NotificationsDeleted { user, unread });
    }
    Ok(!recipients.is_empty())
}
