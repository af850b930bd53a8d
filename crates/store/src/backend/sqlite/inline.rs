//! Reads that are answered from memory alone, on the thread of the caller.

use std::sync::Arc;

use crate::{
    backend::run::{self, Fate},
    dialect::Dialect,
    error::StoreError,
    job::Job,
    memory::{Handle, Memory},
    tx::{Param, Row, Tx},
};

/// How often a job is tried whose memory changes while it runs.
const ATTEMPTS: u32 = 2;

/// Runs and answers a job with what is published, all of it of one version. Gives it back where the database is needed.
pub(super) fn answer(memory: &Arc<Memory>, mut job: Box<dyn Job>) -> Option<Box<dyn Job>> {
    for _ in 0..ATTEMPTS {
        let Some(version) = memory.answers() else {
            break;
        };
        let mut tx = MemoryTx {
            memory: Handle::of_snapshot(Arc::clone(memory), Some(version)),
            missed: false,
        };
        let ran = run::run(&mut *job, &mut tx);
        if tx.missed {
            // Whatever the job made of the missing answer is not looked at, be it a panic.
            if memory.version() == version {
                break;
            }
            continue;
        }
        match run::fate(ran, None) {
            Fate::Keep => run::answer(job, Ok(())),
            Fate::Undo(outcome) => run::answer(job, outcome),
            Fate::Again(_) => return Some(job),
        }
        return None;
    }
    Some(job)
}

/// A transaction without a database.
struct MemoryTx {
    memory: Handle,
    /// Whether a statement was to be run.
    missed: bool,
}

impl MemoryTx {
    fn miss(&mut self) -> StoreError {
        self.missed = true;
        StoreError::Retry(String::new())
    }
}

impl Tx for MemoryTx {
    fn query(
        &mut self,
        _sql: &'static str,
        _params: &[Param<'_>],
        _each: &mut dyn FnMut(&dyn Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        Err(self.miss())
    }

    fn execute(&mut self, _sql: &'static str, _params: &[Param<'_>]) -> Result<u64, StoreError> {
        Err(self.miss())
    }

    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn memory(&mut self) -> Option<&mut Handle> {
        Some(&mut self.memory)
    }
}
