//! Adapters to the database drivers; no queries here.

use std::sync::Arc;

use crate::{
    error::StoreError,
    store::{Job, Settings},
};

/// What a database adapter does.
pub trait Backend: Send + Sync {
    /// Queues a job that only reads.
    fn submit_read(&self, job: Box<dyn Job>);
    /// Queues a job that may write.
    fn submit_write(&self, job: Box<dyn Job>);
}

pub(crate) fn open(_settings: &Settings) -> Result<Arc<dyn Backend>, StoreError> {
    Err(StoreError::Unavailable("no backend".into()))
}
