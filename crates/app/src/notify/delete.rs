//! `im.notify.delete`, and the replacement of a notification by another with its tag.

use std::collections::BTreeSet;

use readmark_model::{Event, EventKind, NotificationId, UserId};
use readmark_store::{StoreError, repo::notification};

use crate::Cx;

/// Deletes a notification of the one who acts; `false` when there is none.
///
/// # Errors
/// When the store fails.
pub fn by_id(cx: &mut Cx<'_>, id: NotificationId) -> Result<bool, StoreError> {
    notification::lock_recipient(cx.tx, cx.user)?;
    let deleted = notification::delete(cx.tx, cx.user, id)?;
    if deleted {
        tell(cx, [cx.user])?;
    }
    Ok(deleted)
}

/// Deletes the notification with a tag of an application, whoever got it; `false` when there is none.
///
/// # Errors
/// When the store fails.
pub fn by_tag(cx: &mut Cx<'_>, application: &str, tag: &str) -> Result<bool, StoreError> {
    let recipients = notification::delete_by_tag(cx.tx, application, tag)?;
    tell(cx, recipients)
}

/// Deletes the notifications with a further tag of an application, whoever got them; `false` when there is none.
///
/// # Errors
/// When the store fails.
pub fn by_sub_tag(cx: &mut Cx<'_>, application: &str, sub_tag: &str) -> Result<bool, StoreError> {
    let recipients = notification::delete_by_sub_tag(cx.tx, application, sub_tag)?;
    tell(cx, recipients)
}

/// Tells each recipient once, in the order of ids, so that two who delete wait for each other and never in a circle.
fn tell(cx: &mut Cx<'_>, recipients: impl IntoIterator<Item = UserId>) -> Result<bool, StoreError> {
    let recipients: BTreeSet<UserId> = recipients.into_iter().collect();
    for &user in &recipients {
        notification::lock_recipient(cx.tx, user)?;
        let left = notification::count_unread(cx.tx, user)?;
        cx.emit(Event::of_user(EventKind::NotificationDeleted, user).value(left))?;
    }
    Ok(!recipients.is_empty())
}
