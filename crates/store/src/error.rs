//! What can go wrong in a store.

/// A failed query or transaction. Its text is for logs; clients see `INTERNAL_SERVER_ERROR`.
///
/// Whatever touches the database can fail with any of these, so functions that answer a `Result<_, StoreError>` do not
/// repeat it: their `# Errors` name only what a caller may want to tell apart.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, lost the connection, or the store is shut down.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The transaction lost a race and can be run again: a serialization failure, a deadlock or a busy database.
    #[error("the transaction must be run again: {0}")]
    Retry(String),
    /// A uniqueness or foreign key constraint refused the change.
    #[error("a constraint refused the change: {0}")]
    Conflict(String),
    /// The database refused the statement, or its disk is full or damaged.
    #[error("database error: {0}")]
    Database(String),
    /// A value that was read does not have the expected type or range.
    #[error("unexpected data: {0}")]
    Decode(&'static str),
    /// A value cannot be encoded in the format of its column: a bug in the caller.
    #[error("a value cannot be stored: {0}")]
    Encode(&'static str),
}

impl StoreError {
    pub(crate) const fn null(_column: usize) -> Self {
        Self::Decode("NULL in a column that has none")
    }
}
