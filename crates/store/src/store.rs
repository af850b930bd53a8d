//! The handle through which everything is read and written.

use std::sync::Arc;

use readmark_model::CommitNumber;

use crate::{
    backend::Backend,
    error::StoreError,
    job::{ClosureJob, TxError},
    repo::{hot, words_due},
    settings::{Claim, Settings},
    tx::Tx,
};

/// A portal's database. Cheap to clone; the last clone closes it after finishing what was accepted.
#[derive(Clone)]
pub struct Store {
    pub(crate) backend: Arc<dyn Backend>,
}

impl Store {
    /// As [`Store::own`], by a process that nobody has to find.
    ///
    /// # Errors
    /// As there.
    pub fn open(settings: &Settings) -> Result<Self, StoreError> {
        Self::own(settings, &Claim::default())
    }

    /// Opens a store as its only owner until it is closed. Only the owner changes a portal, migrates its schema and completes the
    /// indexes that migrations cannot compute.
    ///
    /// # Errors
    /// [`StoreError::Held`] while another process owns it; and when the database cannot be opened, is newer than this program, or a
    /// migration fails.
    pub fn own(settings: &Settings, claim: &Claim) -> Result<Self, StoreError> {
        let store = crate::backend::own(settings, claim, hot::differences)
            .map(|backend| Self { backend })?;
        if store.read(words_due::is_any_left)? {
            tracing::info!("indexing what was stored by earlier versions");
            while store.write(words_due::index_batch)? {}
        }
        Ok(store)
    }

    /// Opens a store to read it, whoever owns it. Nothing of it is changed, so its schema has to be this program's already.
    ///
    /// # Errors
    /// When the database cannot be opened, or its schema is an older or a newer one.
    pub fn open_to_read(settings: &Settings) -> Result<Self, StoreError> {
        crate::backend::open_to_read(settings).map(|backend| Self { backend })
    }

    /// The number of the latest commit: of the present ownership, or the last one of this process. An epoch of 0 stands for a store that
    /// is only read.
    #[must_use]
    pub fn last_commit(&self) -> CommitNumber {
        self.backend.last_commit()
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

    /// As [`Store::read`], without waiting: `done` is called on a thread of the store, or on this one before the call returns, if
    /// `f` needs nothing but what is in memory.
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

    /// As [`Store::write_then`], for closures that often change nothing. Those that find that in memory alone are answered on this
    /// thread, before the call returns.
    pub fn write_if_needed_then<T, E>(
        &self,
        f: impl FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        done: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: TxError,
    {
        let job = Box::new(ClosureJob::new(f, done));
        self.backend.submit_write_if_needed(job);
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
