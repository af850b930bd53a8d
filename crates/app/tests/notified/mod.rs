//! Notifications beside messages: a naive list with a flag each, and the real ones, in random operations.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "every test program uses another part of it"
)]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use readmark_app::{
    Cx, Interrupt, counters,
    notify::{add, delete, list, read},
};
use readmark_model::{NotificationId, UserId, notification::NotificationKind};
use readmark_testkit::TestPortal;

/// Whose tags the tests use.
pub const APPLICATION: &str = "tests";

/// What a notification says whose tag is `tag`.
pub fn notice(user: UserId, tag: &'static str, sub_tag: &'static str) -> add::Notice<'static> {
    add::Notice {
        user,
        kind: NotificationKind::Personal,
        application: APPLICATION,
        tag,
        sub_tag,
        text: "something is told",
        attach: None,
    }
}

/// Runs a use case and answers how often it had to be run beside what it answered.
pub fn run_counted<T: Send + 'static>(
    portal: &TestPortal,
    user: UserId,
    mut f: impl FnMut(&mut Cx<'_>) -> Result<T, Interrupt> + Send + 'static,
) -> (T, usize) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let done = portal.run(user, move |cx| {
        counted.fetch_add(1, Ordering::Relaxed);
        f(cx)
    });
    (done.unwrap(), runs.load(Ordering::Relaxed))
}

struct Told {
    id: NotificationId,
    user: UserId,
    tag: &'static str,
    read: bool,
}

/// All notifications of a portal's users.
#[derive(Default)]
pub struct Inbox(Vec<Told>);

/// What happens to notifications.
#[derive(Clone, Debug)]
pub enum Act {
    /// One is added; with a tag where it is not empty.
    Add(UserId, &'static str),
    /// One is marked.
    Mark(usize, bool),
    /// A user's are read from this one on.
    ReadFrom(usize),
    /// A user deletes one.
    Delete(usize),
    /// The application deletes by tag.
    DeleteTag(&'static str),
}

impl Inbox {
    /// The inbox of users whose notifications are all deleted.
    pub fn emptied(portal: &TestPortal, users: &[UserId]) -> Self {
        for &user in users {
            let done: Result<(), Interrupt> = portal.run(user, |cx| {
                for one in list::list(cx, None, i64::MAX)?.notifications {
                    delete::by_id(cx, one.id)?;
                }
                Ok(())
            });
            done.unwrap();
        }
        Self::default()
    }

    /// Does the same to both.
    pub fn apply(&mut self, portal: &TestPortal, act: &Act) {
        let run = |user: UserId,
                   f: fn(&mut Cx<'_>, NotificationId) -> Result<bool, Interrupt>,
                   id| { portal.run(user, move |cx| f(cx, id)).unwrap() };
        match *act {
            Act::Add(user, tag) => {
                let added = portal.run(UserId(1), move |cx| add::add(cx, &notice(user, tag, "")));
                self.free(tag);
                self.0.push(Told {
                    id: added.unwrap().unwrap(),
                    user,
                    tag,
                    read: false,
                });
            }
            Act::Mark(index, flag) => {
                let Some(told) = self.0.get_mut(index) else {
                    return;
                };
                let id = told.id;
                let done: Result<(), Interrupt> =
                    portal.run(told.user, move |cx| Ok(read::mark(cx, &[id], flag)?));
                done.unwrap();
                told.read = flag;
            }
            Act::ReadFrom(index) => {
                let Some(&Told { id, user, .. }) = self.0.get(index) else {
                    return;
                };
                run(user, |cx, id| Ok(read::mark_from(cx, id, true)? >= 0), id);
                for told in &mut self.0 {
                    told.read |= told.user == user && told.id >= id;
                }
            }
            Act::Delete(index) => {
                let Some(&Told { id, user, .. }) = self.0.get(index) else {
                    return;
                };
                assert!(run(user, |cx, id| Ok(delete::by_id(cx, id)?), id));
                assert!(!run(user, |cx, id| Ok(delete::by_id(cx, id)?), id));
                self.0.remove(index);
            }
            Act::DeleteTag(tag) => {
                let deleted = portal.run(UserId(1), move |cx| {
                    Ok::<_, Interrupt>(delete::by_tag(cx, APPLICATION, tag)?)
                });
                assert_eq!(deleted.unwrap(), self.free(tag));
            }
        }
    }

    /// Takes the one with a tag away.
    fn free(&mut self, tag: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|told| tag.is_empty() || told.tag != tag);
        self.0.len() < before
    }

    /// Each user has these, the latest first, and a counter of those that are unread, as in the totals.
    pub fn check(&self, portal: &TestPortal, users: &[UserId]) {
        for &user in users {
            let seen: Result<_, Interrupt> = portal.run(user, |cx| {
                Ok((list::list(cx, None, i64::MAX)?, counters::totals(cx)?))
            });
            let (page, totals) = seen.unwrap();
            let own = || self.0.iter().filter(|told| told.user == user);
            let unread = own().filter(|told| !told.read).count() as i64;
            assert_eq!((totals.notifications, page.unread), (unread, unread));
            let listed: Vec<_> = page
                .notifications
                .iter()
                .map(|n| (n.id, n.is_read))
                .collect();
            let expected: Vec<_> = own().rev().map(|told| (told.id, told.read)).collect();
            assert_eq!(listed, expected);
        }
    }
}
