//! `im.notify.read`, `im.notify.read.list`, `im.notify.read.all`.

use readmark_model::{Event, NotificationId};
use readmark_store::{StoreError, repo::notification};

use crate::Cx;

/// Marks the named notifications of the acting user as read or unread; unknown ids are ignored.
pub fn mark(cx: &mut Cx<'_>, ids: &[NotificationId], read: bool) -> Result<(), StoreError> {
    notification::lock_exclusive_recipient(cx.tx, cx.user)?;
    let mut changed = 0;
    for &id in ids {
        changed += notification::mark(cx.tx, cx.user, id, read)?;
    }
    record(cx, changed).map(drop)
}

/// Marks the acting user's notifications with this id or a greater one, and returns how many are unread now.
pub fn mark_from(cx: &mut Cx<'_>, first: NotificationId, read: bool) -> Result<i64, StoreError> {
    notification::lock_exclusive_recipient(cx.tx, cx.user)?;
    let changed = notification::mark_from(cx.tx, cx.user, first, read)?;
    record(cx, changed)
}

/// Records one event if anything changed.
fn record(cx: &mut Cx<'_>, changed: u64) -> Result<i64, StoreError> {
    let unread = notification::count_unread(cx.tx, cx.user)?;
    if changed > 0 {
        cx.record(Event::NotificationsRead {
            user: cx.user,
            unread,
        });
    }
    Ok(unread)
}
