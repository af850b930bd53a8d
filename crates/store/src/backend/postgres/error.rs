//! What PostgreSQL's errors mean to the store.

use std::{error::Error as _, io};

use postgres::{Error, error::DbError, error::SqlState};

use crate::error::StoreError;

/// Uniqueness, a foreign key, an exclusion.
const CONFLICTS: [&SqlState; 3] = [
    &SqlState::UNIQUE_VIOLATION,
    &SqlState::FOREIGN_KEY_VIOLATION,
    &SqlState::EXCLUSION_VIOLATION,
];

/// A lost race. The last one is a row that another transaction has kept locked for too long.
const RACES: [&SqlState; 3] = [
    &SqlState::T_R_SERIALIZATION_FAILURE,
    &SqlState::T_R_DEADLOCK_DETECTED,
    &SqlState::LOCK_NOT_AVAILABLE,
];

/// The server closes the connection or accepts none.
const GONE: [&SqlState; 6] = [
    &SqlState::ADMIN_SHUTDOWN,
    &SqlState::CRASH_SHUTDOWN,
    &SqlState::CANNOT_CONNECT_NOW,
    &SqlState::TOO_MANY_CONNECTIONS,
    &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    &SqlState::DATABASE_DROPPED,
];

/// Maps an error of a statement. [`StoreError::Unavailable`] means that the connection is gone.
pub(super) fn store_error(error: &Error) -> StoreError {
    if let Some(refusal) = error.as_db_error() {
        return of_refusal(refusal);
    }
    if error.is_closed()
        || error
            .source()
            .is_some_and(|source| source.is::<io::Error>())
    {
        return StoreError::Unavailable(error.to_string());
    }
    StoreError::Database(error.to_string())
}

fn of_refusal(refusal: &DbError) -> StoreError {
    let code = refusal.code();
    // Not its detail: that quotes values of the row, which may be secrets.
    let mut text = format!("{} ({})", refusal.message(), code.code());
    if let Some(constraint) = refusal.constraint() {
        text = format!("{text}, constraint {constraint}");
    }
    if RACES.contains(&code) || is_stale_plan(refusal) {
        StoreError::Retry(text)
    } else if CONFLICTS.contains(&code) {
        StoreError::Conflict(text)
    } else if GONE.contains(&code) || code.code().starts_with("08") {
        StoreError::Unavailable(text)
    } else if *code == SqlState::DISK_FULL {
        StoreError::Database(format!("the disk is full: {text}"))
    } else {
        StoreError::Database(text)
    }
}

/// Whether a prepared statement no longer fits its tables, as another owner has migrated them.
fn is_stale_plan(refusal: &DbError) -> bool {
    *refusal.code() == SqlState::FEATURE_NOT_SUPPORTED
        && refusal.routine() == Some("RevalidateCachedQuery")
}

/// Whether statements must be prepared again after this error.
pub(super) fn spoils_statements(error: &Error) -> bool {
    error.as_db_error().is_some_and(is_stale_plan)
}

/// Maps an error of connecting, with its cause: the library's own text says as little as "db error".
pub(super) fn connect_error(error: &Error) -> StoreError {
    let cause = match (error.as_db_error(), error.source()) {
        (Some(refusal), _) => format!("{} ({})", refusal.message(), refusal.code().code()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    };
    StoreError::Unavailable(format!("connecting to PostgreSQL failed: {cause}"))
}
