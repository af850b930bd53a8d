//! Presence: when users were last active, and whether they are online or absent.
//!
//! Every call counts as activity of its user. Writing it with each call would turn every read into a write, so it is kept in
//! memory of the portal's owner, where answers see it at once, and written periodically.

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use readmark_model::{Timestamp, UserId, user::User};
use readmark_store::{Store, StoreError, repo::user};

/// A user who was active within this time, in milliseconds, is online.
pub const ONLINE: i64 = 10 * 60 * 1000;

/// How many users are written in one transaction.
const BATCH: usize = 500;

/// When users were last active, where not yet stored, and the latest activity in the portal.
#[derive(Debug)]
pub struct Presence {
    noted: Mutex<HashMap<UserId, Noted>>,
    /// The time of the latest activity.
    latest: AtomicI64,
}

#[derive(Clone, Copy, Debug)]
struct Noted {
    at: Timestamp,
    /// Whether the store has it.
    is_written: bool,
}

impl Default for Presence {
    fn default() -> Self {
        Self {
            noted: Mutex::default(),
            latest: AtomicI64::new(i64::MIN),
        }
    }
}

impl Presence {
    /// Records that a user is active. A time earlier than the recorded one is ignored.
    pub fn note(&self, user: UserId, now: Timestamp) {
        self.latest.fetch_max(now.get(), Ordering::Relaxed);
        let fresh = Noted {
            at: now,
            is_written: false,
        };
        let mut noted = self.noted();
        let known = noted.entry(user).or_insert(fresh);
        if known.at < now {
            *known = fresh;
        }
    }

    /// When a user was last active.
    #[must_use]
    pub fn last_active(&self, user: &User) -> Option<Timestamp> {
        let noted = self.noted().get(&user.id).map(|noted| noted.at);
        noted.max(user.last_activity_at)
    }

    /// Whether a user is online.
    #[must_use]
    pub fn is_online(&self, user: &User, now: Timestamp) -> bool {
        let since = |at: Timestamp| now.get().saturating_sub(at.get());
        user.active && self.last_active(user).is_some_and(|at| since(at) < ONLINE)
    }

    /// Until when a user is absent; `None` once there was activity in the portal after the end of the absence.
    #[must_use]
    pub fn absent_until(&self, user: &User) -> Option<Timestamp> {
        let latest = self.latest.load(Ordering::Relaxed);
        user.absent_until.filter(|end| end.get() > latest)
    }

    /// Writes the activity since the last flush.
    ///
    /// # Errors
    /// When the store fails; unwritten activity is kept.
    pub fn flush(&self, store: &Store) -> Result<(), StoreError> {
        let mut unwritten: Vec<(UserId, Timestamp)> = {
            let mut noted = self.noted();
            // Entries written by the last flush are dropped only now: readers of the store from before that flush are done.
            noted.retain(|_, noted| !noted.is_written);
            noted
                .iter()
                .map(|(user, noted)| (*user, noted.at))
                .collect()
        };
        // Rows are written in id order, so that two writers never deadlock.
        unwritten.sort_unstable();
        for batch in unwritten.chunks(BATCH) {
            let rows = batch.to_vec();
            store.write(move |tx| {
                rows.iter()
                    .try_for_each(|&(user, at)| user::update_activity(tx, user, at))
            })?;
            let mut noted = self.noted();
            for (user, at) in batch {
                if let Some(known) = noted.get_mut(user)
                    && known.at == *at
                {
                    known.is_written = true;
                }
            }
        }
        Ok(())
    }

    fn noted(&self) -> MutexGuard<'_, HashMap<UserId, Noted>> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
