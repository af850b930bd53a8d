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

use crate::{error::StoreError, job::Job, settings::Settings};

/// A database adapter.
///
/// One that cannot accept a job, because too many are waiting, immediately finishes it with [`StoreError::Unavailable`] on the
/// calling thread. Dropping the adapter finishes every accepted job first.
pub trait Backend: Send + Sync {
    /// Queues a job that only reads.
    fn submit_read(&self, job: Box<dyn Job>);
    /// Queues a job that may write.
    fn submit_write(&self, job: Box<dyn Job>);
}

pub(crate) fn open(settings: &Settings) -> Result<Arc<dyn Backend>, StoreError> {
    match settings {
        Settings::Sqlite { path, readers } => Ok(Arc::new(sqlite::Sqlite::open(path, *readers)?)),
        Settings::Postgres {
            url,
            schema,
            connections,
        } => Ok(Arc::new(postgres::Postgres::open(
            url,
            schema,
            *connections,
        )?)),
    }
}

/// Deletes the database of a portal with everything in it, if there is one. Nobody may have it open.
///
/// # Errors
/// When the file or the schema cannot be deleted.
pub fn erase(settings: &Settings) -> Result<(), StoreError> {
    match settings {
        Settings::Sqlite { path, .. } => sqlite::Sqlite::erase(path),
        Settings::Postgres { url, schema, .. } => postgres::Postgres::erase(url, schema),
    }
}

/// The names of a PostgreSQL database's schemas, except its own, sorted.
pub fn postgres_schemas(url: &str) -> Result<Vec<String>, StoreError> {
    postgres::Postgres::schemas(url)
}
