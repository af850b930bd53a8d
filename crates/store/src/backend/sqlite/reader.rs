//! A reading thread: every job on one snapshot.

use std::{sync::Arc, thread};

use rusqlite::Connection;

use super::{
    Jobs, Stopped,
    session::{Session, SqliteTx},
};
use crate::{
    backend::{
        backoff,
        run::{self, Fate},
    },
    error::StoreError,
    job::Job,
    memory::{Handle, Memory},
};

pub(super) fn serve(connection: &Connection, jobs: &Jobs, memory: Option<&Arc<Memory>>) -> Stopped {
    let mut session = Session::new(connection);
    while let Some(mut waiting) = jobs.pop() {
        let outcome = read(&mut session, memory, &mut *waiting.item);
        run::answer(waiting.item, outcome);
        if session.in_transaction() {
            return Stopped::Broken;
        }
    }
    Stopped::Closed
}

/// Runs a job until it loses no race: another process may be recovering the log.
fn read(
    session: &mut Session<'_>,
    memory: Option<&Arc<Memory>>,
    job: &mut dyn Job,
) -> Result<(), StoreError> {
    let mut attempt = 1;
    loop {
        let since = memory.map_or(0, |memory| memory.version());
        session.control("BEGIN")?;
        let mut known = memory
            .map(|memory| look(session, memory, since))
            .transpose();
        let fate = match &mut known {
            Ok(known) => {
                let handle = known.as_mut().map(|snapshot| &mut snapshot.handle);
                let mut tx = SqliteTx::new(session, false, handle);
                let ran = run::run(job, &mut tx);
                let (_, failure) = tx.into_parts();
                run::fate(ran, failure)
            }
            Err(StoreError::Retry(reason)) => Fate::Again(std::mem::take(reason)),
            Err(error) => Fate::Undo(Err(error.clone())),
        };
        if session.in_transaction() {
            // There is nothing to keep: the connection may not write.
            session.control("ROLLBACK")?;
        }
        if let Ok(Some(mut snapshot)) = known {
            snapshot.handle.offer(since, snapshot.until);
        }
        match fate {
            Fate::Keep => return Ok(()),
            Fate::Undo(outcome) => return outcome,
            Fate::Again(reason) if attempt >= backoff::ATTEMPTS => {
                return Err(run::gave_up(attempt, &reason));
            }
            Fate::Again(_) => thread::sleep(backoff::pause(attempt)),
        }
        attempt += 1;
    }
}

/// What is known of the snapshot of a transaction.
struct Snapshot {
    handle: Handle,
    /// The newest version that it can be of.
    until: u64,
}

/// Fixes the snapshot of a transaction that has begun after `since` was published.
fn look(
    session: &mut Session<'_>,
    memory: &Arc<Memory>,
    since: u64,
) -> Result<Snapshot, StoreError> {
    // The first look into the file fixes it.
    session.data_version()?;
    let until = memory.begun();
    // What is in memory can be used beside it if nothing was committed meanwhile.
    let version = (until == since && memory.is_trusted()).then_some(since);
    memory.note_seen(until);
    Ok(Snapshot {
        handle: Handle::of_snapshot(Arc::clone(memory), version),
        until,
    })
}
