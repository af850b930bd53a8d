//! Opening a SQLite file with the settings for durability and speed.

use std::{
    fs::OpenOptions,
    io::ErrorKind,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::error::store_error;
use crate::{
    backend::{backoff, migrate},
    error::StoreError,
};

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The only one that writes in this process.
    Writer,
    /// One that may not write.
    Reader,
    /// One that may not write, in a process that may not own the file: it leaves the log to the owner, too.
    Visitor,
}

/// How long one attempt to get a lock waits for another process. SQLite itself sleeps and tries again meanwhile.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// How long opening waits for other processes that open the same file.
const OPEN_PATIENCE: Duration = Duration::from_secs(5);

/// The size of the log in pages (8 MiB) at which a commit copies it into the database file.
const CHECKPOINT_PAGES: i64 = 2_000;

/// The size that the log's file is truncated to when the log restarts.
const LOG_LIMIT: i64 = 64 << 20;

/// Opens the file for writing, and creates it if it is missing.
pub(super) fn create(path: &Path) -> Result<Connection, StoreError> {
    make_private_file(path).map_err(|error| {
        StoreError::Unavailable(format!("cannot create {}: {error}", path.display()))
    })?;
    open(path, Role::Writer)
}

/// The file holds tokens and messages, so that nobody else may read it. SQLite gives its log the same permissions.
fn make_private_file(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

pub(super) fn open(path: &Path, role: Role) -> Result<Connection, StoreError> {
    let started = Instant::now();
    let mut attempt = 1;
    loop {
        let error = match connect(path, role) {
            Ok(connection) => return Ok(connection),
            Err(error) => store_error(&error),
        };
        let path = path.display();
        match error {
            // Switching a new file to a write-ahead log needs it alone, and SQLite itself does not wait for that.
            StoreError::Retry(_) if started.elapsed() < OPEN_PATIENCE => {
                thread::sleep(backoff::pause(attempt));
                attempt += 1;
            }
            StoreError::Retry(text) => {
                return Err(StoreError::Unavailable(format!(
                    "{path} is locked by another program: {text}"
                )));
            }
            StoreError::Unavailable(text) => {
                return Err(StoreError::Unavailable(format!(
                    "cannot open {path}: {text}"
                )));
            }
            other => return Err(StoreError::Database(format!("cannot open {path}: {other}"))),
        }
    }
}

fn connect(path: &Path, role: Role) -> Result<Connection, rusqlite::Error> {
    // A reader of a database with a write-ahead log takes locks in shared memory, so that it opens for writing, too.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // A misspelt column in double quotes is an error, as on PostgreSQL, rather than text.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // Plans depend on statements alone. Otherwise some are prepared again for each value that is bound, which was a fifth of the
    // cost of the recent list.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let mode: String = match role {
        Role::Visitor => connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?,
        _ => connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?,
    };
    if mode != "wal" {
        return Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN),
            Some("the file system does not support a write-ahead log".to_owned()),
        ));
    }
    // Rule R16: a commit returns only when the log is on the disk. None of this can be configured away.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    match role {
        Role::Writer => {
            connection.pragma_update(None, "cache_size", -32_768)?;
            connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
            connection.pragma_update(None, "journal_size_limit", LOG_LIMIT)?;
        }
        Role::Reader | Role::Visitor => {
            connection.pragma_update(None, "cache_size", -8_192)?;
            connection.pragma_update(None, "mmap_size", 256 << 20)?;
            connection.pragma_update(None, "query_only", true)?;
        }
    }
    if role == Role::Visitor {
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    }
    Ok(connection)
}

/// Opens the file to read it, whoever owns it.
///
/// # Errors
/// When there is no such file, or its schema is not this program's.
pub(super) fn visit(path: &Path) -> Result<Connection, StoreError> {
    let connection = open(path, Role::Visitor)?;
    migrate::check(&migrate::for_sqlite(), &applied(&connection)?)?;
    Ok(connection)
}

/// The migrations of the schema, with their checksums.
fn applied(connection: &Connection) -> Result<Vec<(i64, String)>, StoreError> {
    let failed = |error: rusqlite::Error| store_error(&error);
    let sql = "SELECT 1 FROM sqlite_schema WHERE name = 'refinery_schema_history'";
    let mut tables = connection.prepare(sql).map_err(failed)?;
    if !tables.exists([]).map_err(failed)? {
        return Ok(Vec::new());
    }
    let sql = "SELECT version, checksum FROM refinery_schema_history ORDER BY version";
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.and_then(Iterator::collect).map_err(failed)
}

/// Runs the pending migrations. Only the owner does.
///
/// A program of a version without owners may be migrating at the same time. The primary key of the history table lets only one of
/// them commit; the other one looks again and finds nothing left to do.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let runner = migrate::for_sqlite();
    // An index of a large table is sorted in a file rather than in memory.
    set_temp_store(connection, "FILE")?;
    let mut attempt = 1;
    loop {
        let before = version(connection);
        let failed = match migrate::run(&runner, connection, |source| {
            let error = source.downcast_ref::<rusqlite::Error>().map(store_error);
            error.unwrap_or_else(|| StoreError::Database(source.to_string()))
        }) {
            Ok(()) => return set_temp_store(connection, "MEMORY"),
            Err(error) => error,
        };
        let raced = matches!(failed, StoreError::Retry(_)) || version(connection) != before;
        if !raced || attempt >= backoff::ATTEMPTS {
            return Err(StoreError::Database(format!(
                "the schema cannot be brought up to date: {failed}"
            )));
        }
        thread::sleep(backoff::pause(attempt));
        attempt += 1;
    }
}

fn set_temp_store(connection: &Connection, place: &str) -> Result<(), StoreError> {
    let set = connection.pragma_update(None, "temp_store", place);
    set.map_err(|error| store_error(&error))
}

/// The version of the schema, as far as it can be read.
fn version(connection: &Connection) -> Option<i64> {
    connection
        .query_row(
            "SELECT max(version) FROM refinery_schema_history",
            [],
            |row| row.get(0),
        )
        .ok()
        .flatten()
}

/// Restarts the log when it has grown beyond its limit, which overlapping readers can keep ordinary checkpoints from doing. Answers
/// whether it tried.
pub(super) fn bound_log(connection: &Connection) -> bool {
    let Some(path) = connection.path() else {
        return false;
    };
    let length = std::fs::metadata(format!("{path}-wal")).map_or(0, |log| log.len());
    if length <= LOG_LIMIT.unsigned_abs() {
        return false;
    }
    checkpoint(
        connection,
        "PRAGMA wal_checkpoint(RESTART)",
        Duration::from_millis(200),
    );
    true
}

/// Leaves one file behind, complete without its log.
pub(super) fn checkpoint_at_close(connection: &Connection) {
    checkpoint(
        connection,
        "PRAGMA wal_checkpoint(TRUNCATE)",
        Duration::from_secs(1),
    );
}

fn checkpoint(connection: &Connection, sql: &str, patience: Duration) {
    let done = connection
        .busy_timeout(patience)
        .and_then(|()| connection.query_row(sql, [], |row| row.get::<_, i64>(0)))
        .and_then(|busy| connection.busy_timeout(BUSY_TIMEOUT).map(|()| busy));
    match done {
        Ok(0) => {}
        // Nothing is lost: the log stays and is read at the next start.
        Ok(_) => tracing::debug!("the log is still being read; its checkpoint is postponed"),
        Err(error) => tracing::warn!("a checkpoint of the write-ahead log failed: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_statement_is_prepared_once_whatever_is_bound() {
        let folder = tempfile::tempdir().unwrap();
        let connection = create(&folder.path().join("portal.db")).unwrap();
        let mut statement = connection
            .prepare("SELECT name FROM sqlite_schema WHERE name LIKE ?1")
            .unwrap();
        for pattern in ["a%", "b%", "%"] {
            assert!(statement.query([pattern]).unwrap().next().is_ok());
        }
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }
}
