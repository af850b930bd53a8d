//! Adapters to the database drivers; no queries here.

mod backoff;
mod migrate;
mod queue;
mod run;
mod statements;

#[expect(clippy::disallowed_types, reason = "the one place that knows rusqlite")]
mod sqlite;

#[expect(
    clippy::disallowed_types,
    reason = "the one place that knows the postgres driver"
)]
mod postgres;

use std::sync::Arc;

use readmark_model::CommitNumber;

use crate::{
    error::StoreError,
    job::Job,
    memory::Memory,
    settings::{Claim, Settings},
    tx::Tx,
};

/// Finds out where memory and database differ, in words. For tests.
pub(crate) type Compare = fn(&mut dyn Tx) -> Result<Vec<String>, StoreError>;

/// A database adapter.
///
/// One that cannot accept a job, because too many are waiting, immediately finishes it with [`StoreError::Unavailable`] on the
/// calling thread. Dropping the adapter finishes every accepted job first.
pub trait Backend: Send + Sync {
    /// Queues a job that only reads.
    fn submit_read(&self, job: Box<dyn Job>);
    /// Queues a job that may write.
    fn submit_write(&self, job: Box<dyn Job>);
    /// The same for one that often changes nothing, which may be found out without a transaction.
    fn submit_write_if_needed(&self, job: Box<dyn Job>) {
        self.submit_write(job);
    }
    /// The number of the latest commit.
    fn last_commit(&self) -> CommitNumber;
}

/// Opens a database as its only owner.
pub(crate) fn own(
    settings: &Settings,
    claim: &Claim,
    compare: Compare,
) -> Result<Arc<dyn Backend>, StoreError> {
    match settings {
        Settings::Sqlite {
            path,
            readers,
            memory,
        } => {
            let memory = Arc::new(Memory::new(*memory));
            Ok(Arc::new(sqlite::Sqlite::own(
                path, *readers, claim, memory, compare,
            )?))
        }
        Settings::Postgres {
            url,
            schema,
            connections,
        } => {
            let opened = postgres::Postgres::own(url, schema, *connections, claim)?;
            Ok(Arc::new(opened))
        }
    }
}

/// Opens a database to read it, whoever owns it.
pub(crate) fn open_to_read(settings: &Settings) -> Result<Arc<dyn Backend>, StoreError> {
    match settings {
        Settings::Sqlite { path, readers, .. } => {
            Ok(Arc::new(sqlite::Sqlite::open_to_read(path, *readers)?))
        }
        Settings::Postgres {
            url,
            schema,
            connections,
        } => {
            let opened = postgres::Postgres::open_to_read(url, schema, *connections)?;
            Ok(Arc::new(opened))
        }
    }
}

/// Owns a portal, deletes its database with everything in it, if there is one, and then does the rest, before anybody else can own the
/// portal. On SQLite the folder must exist.
///
/// # Errors
/// [`StoreError::Held`] while another process owns it; when the file or the schema cannot be deleted; and the error of the rest.
pub fn erase<E: From<StoreError>>(
    settings: &Settings,
    claim: &Claim,
    rest: impl FnOnce() -> Result<(), E>,
) -> Result<(), E> {
    match settings {
        Settings::Sqlite { path, .. } => sqlite::Sqlite::erase(path, claim, rest),
        Settings::Postgres { url, schema, .. } => {
            postgres::Postgres::erase(url, schema, claim, rest)
        }
    }
}

/// The names of a PostgreSQL database's schemas, except its own, sorted.
pub fn postgres_schemas(url: &str) -> Result<Vec<String>, StoreError> {
    postgres::Postgres::schemas(url)
}
