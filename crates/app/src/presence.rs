//! Who is there: when users were last active, and whether that makes them online or absent.
//!
//! Every call is an activity of its user. Writing that with each call would make every read a write, so it is kept here, where
//! answers see it at once, and written once in a while. Of several servers at one database, each knows the activity that
//! reached the others when they have written it.

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use readmark_model::{Timestamp, UserId, user::User};
use readmark_store::{Store, StoreError, repo::user};

/// Who did something within this time is online, in milliseconds.
pub const ONLINE: i64 = 10 * 60 * 1000;

/// How many users are written in one transaction.
const BATCH: usize = 500;

/// When users were last active, as far as the store may not know it, and what time it is in the portal.
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
    /// Notes that a user does something. An earlier time than one that is noted is passed over.
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

    /// When a user last did something.
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

    /// Until when a user is absent; `None` as soon as something is done in the portal after the end of the absence.
    #[must_use]
    pub fn absent_until(&self, user: &User) -> Option<Timestamp> {
        let latest = self.latest.load(Ordering::Relaxed);
        user.absent_until.filter(|end| end.get() > latest)
    }

    /// Writes what was noted since the last time.
    ///
    /// # Errors
    /// When the store fails; what is not written stays noted.
    pub fn flush(&self, store: &Store) -> Result<(), StoreError> {
        let mut unwritten: Vec<(UserId, Timestamp)> = {
            let mut noted = self.noted();
            // What the last time has written is forgotten only now: whoever read the store before that is done.
            noted.retain(|_, noted| !noted.is_written);
            noted
                .iter()
                .map(|(user, noted)| (*user, noted.at))
                .collect()
        };
        // Rows are always written in the order of their ids, so that no two servers wait for each other.
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
