//! File contents in memory, with little capacity.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use readmark_api::portal::upload::Blobs;

/// The largest file of a test portal, in bytes.
pub const MAX_FILE: usize = 600;

/// The capacity in bytes; a content that does not fit fails to be stored.
const ROOM: usize = 1_000;

/// Contents by name.
#[derive(Debug, Default)]
pub struct MemoryBlobs(Mutex<BTreeMap<String, Bytes>>);

impl MemoryBlobs {
    fn held(&self) -> MutexGuard<'_, BTreeMap<String, Bytes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All stored contents, by name.
    #[must_use]
    pub fn all(&self) -> BTreeMap<String, Bytes> {
        self.held().clone()
    }
}

impl Blobs for MemoryBlobs {
    fn put(&self, name: &str, content: Bytes, done: Box<dyn FnOnce(bool) + Send>) {
        let fits = {
            let mut stored = self.held();
            let used: usize = stored.values().map(Bytes::len).sum();
            let fits = used + content.len() <= ROOM;
            if fits {
                stored.insert(name.to_owned(), content);
            }
            fits
        };
        done(fits);
    }

    fn discard(&self, name: &str) {
        self.held().remove(name);
    }

    fn run_long(&self, work: Box<dyn FnOnce() + Send>) {
        work();
    }
}
