//! Owning a SQLite file: the lock of a file beside it.
//!
//! The database file itself is not opened for that: SQLite's own locks of it would be gone as soon as this process closed it.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use readmark_model::ownership::Holder;
use rusqlite::Connection;

use super::{
    connection::{self, Role},
    session::{Session, SqliteTx},
};
use crate::{error::StoreError, repo::ownership, settings::Claim};

/// The pause between two attempts to get the lock.
const PAUSE: Duration = Duration::from_millis(25);

/// Makes this process the only owner of a file until it is dropped, or the process ends.
pub(super) struct Lock(
    #[expect(dead_code, reason = "the lock is held as long as it is open")] File,
);

impl Lock {
    /// Waits for it as long as the claim says.
    ///
    /// # Errors
    /// [`StoreError::Held`].
    pub(super) fn take(path: &Path, claim: &Claim) -> Result<Self, StoreError> {
        let lock = crate::settings::lock_file(path);
        let failed = |error| {
            StoreError::Unavailable(format!("{} cannot be locked: {error}", lock.display()))
        };
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&lock).map_err(failed)?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if started.elapsed() < claim.patience => {
                    thread::sleep(PAUSE);
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(StoreError::Held(holder(path).map(Box::new)));
                }
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
    }
}

/// Who owns the file, as far as it can be read.
fn holder(path: &Path) -> Option<Holder> {
    let connection = connection::open(path, Role::Visitor).ok()?;
    in_transaction(&connection, |tx| ownership::find(tx)).ok()?
}

/// Writes the claim durably and answers the epoch.
pub(super) fn raise(connection: &Connection, claim: &Claim) -> Result<i64, StoreError> {
    let Claim {
        program,
        host,
        door,
        now,
        ..
    } = claim;
    in_transaction(connection, |tx| {
        ownership::update(tx, program, host, door, *now)
    })
}

fn in_transaction<T>(
    connection: &Connection,
    work: impl FnOnce(&mut SqliteTx<'_, '_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut session = Session::new(connection);
    session.control("BEGIN")?;
    let done = work(&mut SqliteTx::new(&mut session, false, None));
    match done.and_then(|value| session.control("COMMIT").map(|()| value)) {
        Ok(value) => Ok(value),
        Err(error) => {
            // Should that fail, too, the connection is closed next, which undoes the transaction.
            drop(session.control("ROLLBACK"));
            Err(error)
        }
    }
}
