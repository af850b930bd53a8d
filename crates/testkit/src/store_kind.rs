//! The databases that tests run on.

/// Which database a test portal uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// A file in a temporary directory.
    Sqlite,
    /// A schema of the shared test server.
    Postgres,
}
