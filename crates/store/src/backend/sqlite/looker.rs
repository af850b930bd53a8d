//! Finds out whether the file is unchanged, where the writing thread has nothing to do.

use std::{
    path::Path,
    sync::{Mutex, TryLockError},
};

use rusqlite::Connection;

use super::connection::{self, Role};
use crate::{error::StoreError, memory::Memory};

/// A connection of its own, which sees when anybody, in this process or another one, has changed the file.
///
/// Whose change it was only the writing thread knows, as it does not count its own ones. So its last look for changes by others holds
/// for as long as this connection sees none since before that.
pub(super) struct Looker(Mutex<Seen>);

struct Seen {
    connection: Connection,
    /// The version of the data.
    version: i64,
    /// How often the writing thread had looked soon after that was seen first.
    looks: u64,
}

impl Looker {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self(Mutex::new(Seen {
            connection: connection::open(path, Role::Reader)?,
            version: 0,
            looks: 0,
        })))
    }

    /// Notes in memory that nothing was changed since the last look of the writing thread, if so. Answers whether it was.
    pub(super) fn look(&self, memory: &Memory) -> bool {
        let mut seen = match self.0.try_lock() {
            Ok(seen) => seen,
            // Somebody else is looking: that is soon done, but is not waited for.
            Err(TryLockError::WouldBlock) => return false,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        };
        let now = memory.now();
        let read = seen
            .connection
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)));
        let Ok(version) = read else {
            return false;
        };
        // Counted after the version was seen, so that a look with a greater number came after it.
        let looks = memory.looks();
        if version != seen.version {
            (seen.version, seen.looks) = (version, looks);
            return false;
        }
        if looks <= seen.looks {
            return false;
        }
        memory.note_unchanged(now);
        true
    }
}
