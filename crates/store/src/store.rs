//! The handle through which everything is read and written.

use std::sync::Arc;

use crate::{backend::Backend, error::StoreError, repo::words_due, tx::Tx};

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

/// A portal's database. Cheap to clone; the last clone closes it after finishing what was accepted.
#[derive(Clone)]
pub struct Store {
    pub(crate) backend: Arc<dyn Backend>,
}

/// The error of a closure that runs in a transaction: a [`StoreError`], or one that can contain it.
pub trait TxError: From<StoreError> + Send + 'static {
    /// The store's error in it, by which a lost race is told from a refusal.
    fn as_store(&self) -> Option<&StoreError>;
}

impl TxError for StoreError {
    fn as_store(&self) -> Option<&StoreError> {
        Some(self)
    }
}

impl Store {
    /// Opens a store and brings its schema up to date, and the indexes that migrations cannot compute.
    ///
    /// # Errors
    /// When the database cannot be opened, is newer than this program, or a migration fails.
    pub fn open(settings: &Settings) -> Result<Self, StoreError> {
        let store = crate::backend::open(settings).map(|backend| Self { backend })?;
        if store.read(words_due::is_any_left)? {
            tracing::info!("indexing what was stored by earlier versions");
            while store.write(words_due::index_batch)? {}
        }
        Ok(store)
    }

    /// Runs `f` on one snapshot and waits for its answer. `f` may run again after a lost race, so it touches nothing but `tx`.
    ///
    /// # Errors
    /// What `f` answers, or the store's own error.
    pub fn read<T, E>(
        &self,
        f: impl FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: TxError,
    {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        self.read_then(f, move |result| drop(sender.send(result)));
        receiver
            .recv()
            .unwrap_or_else(|_| Err(StoreError::Unavailable("the store is closed".into()).into()))
    }

    /// Runs `f` in a transaction that may write and waits until it is durable. `f` may run again after a lost race.
    /// When `f` fails, nothing of it remains.
    ///
    /// # Errors
    /// What `f` answers, or the store's own error.
    pub fn write<T, E>(
        &self,
        f: impl FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: TxError,
    {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        self.write_then(f, move |result| drop(sender.send(result)));
        receiver
            .recv()
            .unwrap_or_else(|_| Err(StoreError::Unavailable("the store is closed".into()).into()))
    }

    /// As [`Store::read`], without waiting: `done` is called on a thread of the store.
    pub fn read_then<T, E>(
        &self,
        f: impl FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        done: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: TxError,
    {
        self.backend.submit_read(Box::new(ClosureJob {
            f,
            done: Some(done),
            result: None,
        }));
    }

    /// As [`Store::write`], without waiting: `done` is called on a thread of the store, once the change is durable,
    /// in the order of the commits on SQLite.
    pub fn write_then<T, E>(
        &self,
        f: impl FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        done: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: TxError,
    {
        self.backend.submit_write(Box::new(ClosureJob {
            f,
            done: Some(done),
            result: None,
        }));
    }
}

/// What to do with a job's transaction.
#[derive(Debug)]
pub enum Verdict {
    /// Keep the changes.
    Commit,
    /// Undo the changes: the closure refused.
    Rollback,
    /// Undo the changes, then run again: the closure lost a race.
    Retry,
}

/// One queued transaction, with its types erased.
pub trait Job: Send {
    /// Runs the closure.
    fn run(&mut self, tx: &mut dyn Tx) -> Verdict;
    /// Answers the caller. `Ok` once the transaction is durable, or undone as the job wanted; `Err` when the store failed.
    fn finish(self: Box<Self>, outcome: Result<(), StoreError>);
}

struct ClosureJob<F, D, T, E> {
    f: F,
    done: Option<D>,
    result: Option<Result<T, E>>,
}

impl<F, D, T, E> Job for ClosureJob<F, D, T, E>
where
    F: FnMut(&mut dyn Tx) -> Result<T, E> + Send,
    D: FnOnce(Result<T, E>) + Send,
    T: Send,
    E: TxError,
{
    fn run(&mut self, tx: &mut dyn Tx) -> Verdict {
        // What an earlier run left goes before anything new is made.
        self.result = None;
        let result = (self.f)(tx);
        let verdict = match &result {
            Ok(_) => Verdict::Commit,
            Err(error) if matches!(error.as_store(), Some(StoreError::Retry(_))) => Verdict::Retry,
            Err(_) => Verdict::Rollback,
        };
        self.result = Some(result);
        verdict
    }

    fn finish(mut self: Box<Self>, outcome: Result<(), StoreError>) {
        let Some(done) = self.done.take() else { return };
        done(match (outcome, self.result.take()) {
            (Ok(()), Some(result)) => result,
            (Err(error), _) => Err(error.into()),
            (Ok(()), None) => {
                Err(StoreError::Unavailable("the transaction was not run".into()).into())
            }
        });
    }
}
