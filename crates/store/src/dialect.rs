//! Every difference between the two databases.

/// The database behind a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite: one writer, so row locks are not needed.
    Sqlite,
    /// PostgreSQL: many writers, READ COMMITTED with explicit row locks.
    Postgres,
}

impl Dialect {
    /// Picks the statement of this database.
    #[must_use]
    pub const fn pick(self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        }
    }
}
