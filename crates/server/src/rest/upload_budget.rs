//! The memory budget for uploads: bodies above the usual limit, as many at once as there is memory for.

use std::{sync::Arc, time::Duration};

use hyper::body::{Body, Incoming};
use readmark_api::contract::system_error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::envelope::Refusal;
use crate::config::{
    Config,
    uploads::{COPIES, PIECE, longest_upload},
};

/// The memory budget for uploads.
#[derive(Debug)]
pub(super) struct UploadBudget {
    free: Arc<Semaphore>,
    max_body: usize,
    max_upload: usize,
    patience: Duration,
}

/// The limits for a body.
#[derive(Debug)]
pub(super) struct Allowance {
    /// Its maximum length, in bytes.
    pub(super) most: usize,
    /// Its time limit.
    pub(super) patience: Duration,
    /// The memory reserved for an upload, released on drop.
    _memory: Option<OwnedSemaphorePermit>,
}

impl UploadBudget {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            free: Arc::new(Semaphore::new(config.upload_memory / PIECE)),
            max_body: config.max_body,
            max_upload: longest_upload(config.max_file),
            patience: config.body_timeout.0,
        }
    }

    /// Whether a body exceeds the limit for anything but uploads. Its length must be announced.
    pub(super) fn is_large(&self, body: &Incoming) -> bool {
        let announced = body.size_hint().exact();
        announced.is_some_and(|length| length > self.max_body as u64)
    }

    /// The limits for an ordinary body.
    pub(super) const fn usual(&self) -> Allowance {
        Allowance {
            most: self.max_body,
            patience: self.patience,
            _memory: None,
        }
    }

    /// The limits for the large body of an upload, once memory is available.
    ///
    /// # Errors
    /// When it is too large, or no memory became available in time.
    pub(super) async fn for_upload(&self, body: &Incoming) -> Result<Allowance, Refusal> {
        let announced = body.size_hint().lower();
        let length = usize::try_from(announced).unwrap_or(usize::MAX);
        if length > self.max_upload {
            return Err(system_error::TOO_LARGE.into());
        }
        let pieces = u32::try_from(length.saturating_mul(COPIES).div_ceil(PIECE));
        let free = Arc::clone(&self.free);
        let waiting = free.acquire_many_owned(pieces.unwrap_or(u32::MAX));
        match tokio::time::timeout(self.patience, waiting).await {
            Ok(Ok(memory)) => Ok(Allowance {
                most: length,
                // At the same minimum speed as other bodies.
                patience: self.patience * u32::try_from(length / self.max_body + 1).unwrap_or(1),
                _memory: Some(memory),
            }),
            _ => Err(system_error::OVERLOAD.into()),
        }
    }
}
