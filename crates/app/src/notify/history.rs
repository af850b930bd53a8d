//! `im.notify.history.search`.
//!
//! Every condition is looked up in its own index, and the results are intersected: the cost depends on what the conditions
//! match, not on the number of notifications.

use std::collections::HashSet;

use readmark_model::{
    ChatId, NotificationId, Timestamp, UserId, notification::Notification, text, user::User,
};
use readmark_store::repo::{
    notification::{self, Filter},
    notification_word,
};

use crate::{Cx, Interrupt, users::look};

/// The conditions of a search, all of which must be met.
#[derive(Clone, Debug)]
pub struct Query {
    /// Whether to find notifications of applications; all notifications are.
    pub of_applications: bool,
    /// Every word of it must begin a word of the notification.
    pub text: Option<String>,
    /// Sent at or after this time.
    pub since: Option<Timestamp>,
    /// Sent before this time.
    pub until: Option<Timestamp>,
    /// By one of these; 0 is the system.
    pub authors: Option<Vec<UserId>>,
    /// With this tag or sub-tag.
    pub tag: Option<Tag>,
    /// Continues after this one, the last one of the previous page.
    pub last: Option<NotificationId>,
    /// At most so many.
    pub limit: usize,
}

/// A tag to search for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The application that it belongs to; empty for any.
    pub application: String,
    /// The tag.
    pub tag: String,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Page {
    /// Total number on all pages.
    pub total: usize,
    /// The chat id shown for notifications; `None` before the first one.
    pub chat: Option<ChatId>,
    /// Latest first.
    pub notifications: Vec<Notification>,
    /// The authors that may be seen, each once.
    pub authors: Vec<User>,
}

/// Searches the notifications of the acting user.
pub fn search(cx: &mut Cx<'_>, query: &Query) -> Result<Page, Interrupt> {
    let found = matches(cx, query)?;
    let page: Vec<NotificationId> = found
        .iter()
        .copied()
        .filter(|id| query.last.is_none_or(|last| *id < last))
        .take(query.limit)
        .collect();
    let mut notifications = Vec::with_capacity(page.len());
    for id in page {
        notifications.extend(notification::find(cx.tx, cx.user, id)?);
    }
    let authors: Vec<UserId> = notifications.iter().map(|one| one.author).collect();
    Ok(Page {
        total: found.len(),
        chat: notification::find_chat(cx.tx, cx.user)?,
        authors: look::list(cx, &authors)?,
        notifications,
    })
}

/// All that is found, the latest first.
fn matches(cx: &mut Cx<'_>, query: &Query) -> Result<Vec<NotificationId>, Interrupt> {
    if !query.of_applications {
        return Ok(Vec::new());
    }
    let worded = match &query.text {
        Some(text) => Some(with_words(cx, text)?),
        None => None,
    };
    let filter = Filter {
        since: query.since.unwrap_or(Timestamp(i64::MIN)),
        until: query.until.unwrap_or(Timestamp(i64::MAX)),
        authors: query.authors.as_deref(),
        tag: query.tag.as_ref().map(|tag| tag.tag.as_str()),
        application: query.tag.as_ref().map_or("", |tag| &tag.application),
    };
    let only_text = query.since.is_none()
        && query.until.is_none()
        && query.authors.is_none()
        && query.tag.is_none();
    let mut found = match worded {
        Some(worded) if only_text || worded.is_empty() => worded.into_iter().collect(),
        Some(worded) => {
            let mut found = notification::list_ids(cx.tx, cx.user, &filter)?;
            found.retain(|id| worded.contains(id));
            found
        }
        None => notification::list_ids(cx.tx, cx.user, &filter)?,
    };
    found.sort_unstable_by(|one, other| other.cmp(one));
    Ok(found)
}

/// The notifications that have for each term of a text a word that begins with it; none for a text without terms.
fn with_words(cx: &mut Cx<'_>, text: &str) -> Result<HashSet<NotificationId>, Interrupt> {
    let mut found: Option<HashSet<NotificationId>> = None;
    for term in text::search_terms(text) {
        let ids = notification_word::list(cx.tx, cx.user, &term)?;
        let met: HashSet<NotificationId> = match found {
            None => ids.into_iter().collect(),
            Some(found) => ids.into_iter().filter(|id| found.contains(id)).collect(),
        };
        if met.is_empty() {
            return Ok(met);
        }
        found = Some(met);
    }
    Ok(found.unwrap_or_default())
}
