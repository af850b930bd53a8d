//! A reading thread: every job on one snapshot.

use std::thread;

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
};

pub(super) fn serve(connection: &Connection, jobs: &Jobs) -> Stopped {
    let mut session = Session::new(connection);
    while let Some(mut waiting) = jobs.pop() {
        let outcome = read(&mut session, &mut *waiting.item);
        run::answer(waiting.item, outcome);
        if session.in_transaction() {
            return Stopped::Broken;
        }
    }
    Stopped::Closed
}

/// Runs a job until it loses no race: another process may be recovering the log.
fn read(session: &mut Session<'_>, job: &mut dyn Job) -> Result<(), StoreError> {
    let mut attempt = 1;
    loop {
        session.control("BEGIN")?;
        let mut tx = SqliteTx::new(session, false, None);
        let ran = run::run(job, &mut tx);
        let (_, failure) = tx.into_parts();
        let fate = run::fate(ran, failure);
        if session.in_transaction() {
            // There is nothing to keep: the connection may not write.
            session.control("ROLLBACK")?;
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
