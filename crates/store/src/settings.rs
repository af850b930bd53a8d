//! Which database a portal is in.

/// How to open a store.
#[derive(Clone, Debug)]
pub enum Settings {
    /// One SQLite file, created when missing.
    Sqlite {
        /// Path of the database file.
        path: std::path::PathBuf,
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
