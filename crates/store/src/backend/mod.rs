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

use crate::{error::StoreError, job::Job, memory::Memory, settings::Settings, tx::Tx};

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
}

pub(crate) fn open(settings: &Settings, compare: Compare) -> Result<Arc<dyn Backend>, StoreError> {
    match settings {
        Settings::Sqlite {
            path,
            readers,
            memory,
        } => {
            let memory = Arc::new(Memory::new(*memory));
            Ok(Arc::new(sqlite::Sqlite::open(
                path, *readers, memory, compare,
            )?))
        }
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

/// The names of a PostgreSQL database's schemas, except its own, sorted.
pub fn postgres_schemas(url: &str) -> Result<Vec<String>, StoreError> {
    postgres::Postgres::schemas(url)
}
