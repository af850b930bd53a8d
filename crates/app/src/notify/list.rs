//! `im.notify.get`.

use readmark_model::{ChatId, NotificationId, notification::Notification, user::User};
use readmark_store::repo::notification;

use crate::{Cx, Interrupt, users::look};

/// A page of notifications.
#[derive(Clone, Debug)]
pub struct Page {
    /// How many the acting user has.
    pub total: i64,
    /// How many of these are unread.
    pub unread: i64,
    /// The chat id shown for them; `None` before the first one.
    pub chat: Option<ChatId>,
    /// The page, latest first.
    pub notifications: Vec<Notification>,
    /// The authors that may be seen, each once.
    pub authors: Vec<User>,
}

/// The notifications of the acting user before `before`, or from the latest on.
pub fn list(
    cx: &mut Cx<'_>,
    before: Option<NotificationId>,
    limit: i64,
) -> Result<Page, Interrupt> {
    let before = before.unwrap_or(NotificationId(i64::MAX));
    let notifications = notification::list(cx.tx, cx.user, before, limit)?;
    let authors: Vec<_> = notifications.iter().map(|one| one.author).collect();
    Ok(Page {
        total: notification::count(cx.tx, cx.user)?,
        unread: notification::count_unread(cx.tx, cx.user)?,
        chat: notification::find_chat(cx.tx, cx.user)?,
        authors: look::list(cx, &authors)?,
        notifications,
    })
}
