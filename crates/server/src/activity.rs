//! Who was last active when.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use readmark_model::{Timestamp, UserId};
use readmark_store::{Store, StoreError, repo};

/// When users were last active; written to the store once in a while instead of with each call.
#[derive(Debug, Default)]
pub struct Activity(Mutex<HashMap<UserId, Timestamp>>);

impl Activity {
    /// Notes that a user called.
    pub fn note(&self, user: UserId, now: Timestamp) {
        let mut users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = users.entry(user).or_insert(now);
        *last = now.max(*last);
    }

    /// Writes what was noted since the last time.
    ///
    /// # Errors
    /// When the store fails; then it stays noted.
    pub fn flush(&self, store: &Store) -> Result<(), StoreError> {
        let noted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if noted.is_empty() {
            return Ok(());
        }
        let users: Vec<_> = noted.into_iter().collect();
        let written = users.clone();
        let outcome = store.write(move |tx| {
            for &(user, at) in &written {
                repo::user::update_activity(tx, user, at)?;
            }
            Ok::<(), StoreError>(())
        });
        if outcome.is_err() {
            for (user, at) in users {
                self.note(user, at);
            }
        }
        outcome
    }
}
