//! `im.notify`, `im.notify.personal.add`, `im.notify.system.add`.

use readmark_model::{Document, Event, NotificationId, UserId, notification::NotificationKind};
use readmark_store::repo::{
    notification::{self, NewNotification},
    user,
};

use super::delete;
use crate::{Cx, Interrupt, access};

/// A notification to send.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// The recipient.
    pub user: UserId,
    /// On whose behalf.
    pub kind: NotificationKind,
    /// The application that the tags belong to.
    pub application: &'a str,
    /// A tag that replaces the application's notification with the same tag; empty for none.
    pub tag: &'a str,
    /// A sub-tag; empty for none.
    pub sub_tag: &'a str,
    /// The text.
    pub text: &'a str,
    /// Attachments.
    pub attach: Option<&'a Document>,
}

/// Notifies a user. `None`, and nothing changes, when there is no such active user, or none whom the acting user may see.
pub fn add(cx: &mut Cx<'_>, notice: &Notice<'_>) -> Result<Option<NotificationId>, Interrupt> {
    let active = user::find(cx.tx, notice.user)?.is_some_and(|user| user.active);
    if !active || !access::may_see_user(cx, notice.user)? {
        return Ok(None);
    }
    let author = match notice.kind {
        NotificationKind::Personal => cx.user,
        NotificationKind::System => UserId(0),
    };
    delete::free_tag(cx, notice.application, notice.tag, Some(notice.user))?;
    let id = notification::insert(
        cx.tx,
        &NewNotification {
            user: notice.user,
            author,
            kind: notice.kind,
            application: notice.application,
            tag: notice.tag,
            sub_tag: notice.sub_tag,
            text: notice.text,
            attach: notice.attach,
            now: cx.now,
        },
    )?;
    cx.record(Event::NotificationAdded {
        user: notice.user,
        notification: id,
    });
    Ok(Some(id))
}
