//! What SQLite's errors mean to the store.

use rusqlite::{ErrorCode, ffi};

use crate::error::StoreError;

/// Uniqueness of a column, a primary key, a rowid; a foreign key.
const CONFLICTS: [i32; 4] = [
    ffi::SQLITE_CONSTRAINT_UNIQUE,
    ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
    ffi::SQLITE_CONSTRAINT_ROWID,
    ffi::SQLITE_CONSTRAINT_FOREIGNKEY,
];

pub(super) fn store_error(error: &rusqlite::Error) -> StoreError {
    let Some(cause) = error.sqlite_error() else {
        return StoreError::Database(error.to_string());
    };
    let text = error.to_string();
    match cause.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Retry(text),
        ErrorCode::ConstraintViolation if CONFLICTS.contains(&cause.extended_code) => {
            StoreError::Conflict(text)
        }
        ErrorCode::DiskFull => StoreError::Database(format!("the disk is full: {text}")),
        ErrorCode::SystemIoFailure => StoreError::Database(format!(
            "reading or writing the file failed ({}): {text}",
            cause.extended_code
        )),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            StoreError::Database(format!("the file is damaged or no database: {text}"))
        }
        ErrorCode::CannotOpen => StoreError::Unavailable(text),
        _ => StoreError::Database(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: i32) -> StoreError {
        store_error(&rusqlite::Error::SqliteFailure(
            ffi::Error::new(code),
            Some("text".into()),
        ))
    }

    #[test]
    fn codes_map_to_what_a_caller_can_do() {
        assert!(matches!(
            of(ffi::SQLITE_CONSTRAINT_UNIQUE),
            StoreError::Conflict(_)
        ));
        assert!(matches!(
            of(ffi::SQLITE_CONSTRAINT_FOREIGNKEY),
            StoreError::Conflict(_)
        ));
        assert!(matches!(
            of(ffi::SQLITE_CONSTRAINT_NOTNULL),
            StoreError::Database(_)
        ));
        assert!(matches!(of(ffi::SQLITE_BUSY), StoreError::Retry(_)));
        assert!(matches!(
            of(ffi::SQLITE_BUSY_SNAPSHOT),
            StoreError::Retry(_)
        ));
        assert!(
            matches!(of(ffi::SQLITE_FULL), StoreError::Database(text) if text.starts_with("the disk is full"))
        );
        assert!(
            matches!(of(ffi::SQLITE_IOERR_FSYNC), StoreError::Database(text) if text.contains("1034"))
        );
        assert!(
            matches!(of(ffi::SQLITE_NOTADB), StoreError::Database(text) if text.contains("no database"))
        );
        assert!(matches!(
            of(ffi::SQLITE_CANTOPEN),
            StoreError::Unavailable(_)
        ));
    }
}
