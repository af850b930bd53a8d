//! The handle through which everything is read and written.

use std::sync::Arc;

use crate::{
    backend::Backend,
    error::StoreError,
    job::{ClosureJob, TxError},
    repo::{hot, words_due},
    settings::Settings,
    tx::Tx,
};

/// A portal's database. Cheap to clone; the last clone closes it after finishing what was accepted.
#[derive(Clone)]
pub struct Store {
    pub(crate) backend: Arc<dyn Backend>,
}

impl Store {
    /// Opens a store and brings its schema up to date, and the indexes that migrations cannot compute.
    ///
    /// # Errors
    /// When the database cannot be opened, is newer than this program, or a migration fails.
    pub fn open(settings: &Settings) -> Result<Self, StoreError> {
        let store =
            crate::backend::open(settings, hot::differences).map(|backend| Self { backend })?;
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
        self.backend.submit_read(Box::new(ClosureJob::new(f, done)));
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
        self.backend
            .submit_write(Box::new(ClosureJob::new(f, done)));
    }
}
