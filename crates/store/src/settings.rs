//! Which database a portal is in, and who opens it.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use readmark_model::Timestamp;

/// How to open a store.
#[derive(Clone, Debug)]
pub enum Settings {
    /// One SQLite file, created when missing.
    Sqlite {
        /// Path of the database file.
        path: PathBuf,
        /// Number of reading connections; at least 1.
        readers: usize,
        /// What is kept in memory of it.
        memory: HotMemory,
    },
    /// One schema of a PostgreSQL database, created when missing.
    Postgres {
        /// `postgres://user:password@host:port/database`.
        url: String,
        /// Schema of the portal.
        schema: String,
        /// Upper bound of connections; at least 1.
        connections: usize,
    },
}

impl Settings {
    /// The file whose lock the owner holds. It stays where it is, also when the portal is deleted: another process may be waiting for it.
    #[must_use]
    pub fn lock_file(&self) -> Option<PathBuf> {
        match self {
            Self::Sqlite { path, .. } => Some(lock_file(path)),
            Self::Postgres { .. } => None,
        }
    }
}

/// The file of the lock of a database file, beside it.
pub(crate) fn lock_file(path: &Path) -> PathBuf {
    path.with_extension("lock")
}

/// Who wants to own a store: what others are told who find it owned.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Name and version of the program.
    pub program: String,
    /// The machine that it runs on.
    pub host: String,
    /// Path of the socket at which it takes operations; empty when it takes none.
    pub door: String,
    /// Now.
    pub now: Timestamp,
    /// How long to wait for the present owner to end.
    pub patience: Duration,
}

impl Default for Claim {
    /// Of a process that nobody has to find: a test or a measurement.
    fn default() -> Self {
        Self {
            program: "readmark".to_owned(),
            host: String::new(),
            door: String::new(),
            now: Timestamp(0),
            patience: Duration::from_secs(5),
        }
    }
}

/// How much of a portal is kept in memory by the one who owns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HotMemory {
    /// The most bytes, including what is needed to find them. 0 keeps nothing between two commits.
    pub bytes: usize,
    /// Whether everything in memory is compared with the database after each job that changed something. For tests: it costs a
    /// statement for everything that is known.
    pub compared: bool,
}

impl Default for HotMemory {
    fn default() -> Self {
        Self {
            bytes: 256 << 20,
            compared: false,
        }
    }
}

impl HotMemory {
    /// As by default, and compared with the database all the time.
    pub const COMPARED: Self = Self {
        bytes: 64 << 20,
        compared: true,
    };
}
