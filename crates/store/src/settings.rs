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
