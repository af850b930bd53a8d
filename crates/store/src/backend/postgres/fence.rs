//! What the connections of an owner have to pass: [`ownership`](super::ownership) says why.

use std::sync::atomic::{AtomicI64, Ordering};

use postgres::Client;

use super::error::store_error;
use crate::error::StoreError;

/// What was lost, for those who call.
const LOST: StoreError = StoreError::NotOwner("its lock in the database was lost");

/// Keeps what is not owned from being used.
#[derive(Debug)]
pub(super) struct Fence {
    /// Number of the ownership; 0 while there is none.
    epoch: AtomicI64,
}

impl Fence {
    /// Of an ownership that begins.
    pub(super) fn of(epoch: i64) -> Self {
        Self {
            epoch: AtomicI64::new(epoch),
        }
    }

    /// The number of the present ownership.
    ///
    /// # Errors
    /// [`StoreError::NotOwner`].
    pub(super) fn epoch(&self) -> Result<i64, StoreError> {
        match self.latest() {
            0 => Err(LOST),
            epoch => Ok(epoch),
        }
    }

    /// The same; 0 while there is none.
    pub(super) fn latest(&self) -> i64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Begins an ownership, or ends it with 0.
    pub(super) fn set(&self, epoch: i64) {
        self.epoch.store(epoch, Ordering::Release);
    }

    /// Makes a connection one of the owner's.
    ///
    /// # Errors
    /// [`StoreError::NotOwner`] where another process became the owner meanwhile.
    pub(super) fn admit(&self, client: &mut Client, schema: &str) -> Result<(), StoreError> {
        let epoch = self.epoch()?;
        client
            .execute(
                "SELECT pg_advisory_lock_shared(hashtextextended('readmark fence of ' || $1, 0))",
                &[&schema],
            )
            .map_err(|error| store_error(&error))?;
        let found = client.query_opt(
            "SELECT epoch FROM ownership WHERE id = 1 AND epoch = $1",
            &[&epoch],
        );
        match found.map_err(|error| store_error(&error))? {
            Some(_) => Ok(()),
            None => Err(LOST),
        }
    }
}
