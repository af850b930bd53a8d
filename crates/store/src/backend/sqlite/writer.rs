//! The writing thread: group commit.
//!
//! It runs the jobs that are waiting one after the other in one transaction, each undone by itself where it must be,
//! and answers them in their order once the common commit is on the disk (rule R16). No job waits for others to join it: a
//! batch is what arrived while the previous one was being committed and this one is running.
//!
//! Hardly any job must be undone after it has written something: refusals come before. So a batch starts without
//! savepoints, each of which costs two statements and a copy of every page that an earlier job has changed. When a job
//! must be undone all the same, the transaction is, and its jobs run once more, this time each in a savepoint; so do
//! the next batches, for as long as such a job is likely to come again.
//!
//! What jobs load and change is kept in memory ([`memory`](crate::memory)): published when the batch is durable, thrown away with
//! what is undone. Other processes may write to the file between two transactions; then all of it is forgotten.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::{
    Jobs, Stopped,
    connection::{self, BUSY_TIMEOUT},
    session::{Changes, Session, SqliteTx},
};
use crate::{
    backend::{
        Compare, backoff,
        run::{self, Fate},
    },
    error::StoreError,
    job::{Job, Verdict},
    memory::{Handle, Memory},
};

/// The greatest number of jobs in one commit.
const BATCH_JOBS: usize = 512;

/// The time after which a batch takes no more jobs.
const BATCH_TIME: Duration = Duration::from_millis(5);

/// How long a job waits for another process to release the file.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// The number of batches after which the size of the log is checked.
const BATCHES_PER_LOG_CHECK: u32 = 64;

/// The number of batches that run with savepoints after a job had to be undone.
const CAREFUL_BATCHES: u32 = 32;

/// The connection cannot end its transaction.
struct Broken;

pub(super) fn serve(
    connection: &Connection,
    jobs: &Jobs,
    commits: &AtomicU64,
    memory: &Arc<Memory>,
    compare: Compare,
) -> Stopped {
    let mut writer = Writer {
        session: Session::new(connection),
        memory: Handle::new(Arc::clone(memory)),
        compare,
        version: None,
        jobs,
        commits,
        batches: 0,
        careful: 0,
    };
    while let Some(first) = jobs.pop() {
        if writer.batch(first.item, first.since).is_err() {
            return Stopped::Broken;
        }
    }
    Stopped::Closed
}

struct Writer<'c, 'q> {
    session: Session<'c>,
    memory: Handle,
    compare: Compare,
    /// The version of the data when the last transaction began; `None` when it is not known, and nothing is in memory.
    version: Option<i64>,
    jobs: &'q Jobs,
    /// Number of commits of this ownership.
    commits: &'q AtomicU64,
    batches: u32,
    /// The number of batches that are still to run with savepoints.
    careful: u32,
}

/// Fails when memory and database differ.
fn compare(compare: Compare, tx: &mut SqliteTx<'_, '_>) -> Result<(), String> {
    match compare(tx) {
        Ok(found) if found.is_empty() => Ok(()),
        Ok(found) => Err(format!("memory and database differ: {}", found.join("; "))),
        Err(error) => Err(format!("memory and database cannot be compared: {error}")),
    }
}

/// The outcome of running one job.
enum Ran {
    /// Its changes are to be kept.
    Keep(Changes),
    /// Its changes are to be undone, and this is the answer.
    Undo(Changes, Result<(), StoreError>),
    /// Its changes are to be undone, then it is to be run again.
    Again(Changes, String),
    /// SQLite has undone the whole transaction, with what earlier jobs did in it. This is the job's own answer.
    Aborted(Result<(), StoreError>),
}

/// The jobs of one transaction. Each is in here from when it has run until it is answered.
#[derive(Default)]
struct Batch {
    /// Jobs to be answered after the commit, in order.
    done: Vec<(Box<dyn Job>, Result<(), StoreError>)>,
    /// Jobs to be run again, each in a transaction of its own.
    alone: VecDeque<Box<dyn Job>>,
    /// Whether `done` has changes in the open transaction.
    changed: bool,
}

impl Batch {
    /// The open transaction is gone: everything must run again, except jobs that have failed.
    fn dissolve(&mut self) {
        self.changed = false;
        for (job, outcome) in std::mem::take(&mut self.done).into_iter().rev() {
            if outcome.is_err() {
                self.done.insert(0, (job, outcome));
            } else {
                self.alone.push_front(job);
            }
        }
    }

    /// The connection is gone, and with it everything that was not committed.
    fn give_up(self) {
        let jobs = self.done.into_iter().map(|(job, _)| job).chain(self.alone);
        for job in jobs {
            let text = "the connection to the file became unusable".to_owned();
            run::answer(job, Err(StoreError::Unavailable(text)));
        }
    }
}

impl Writer<'_, '_> {
    fn batch(&mut self, first: Box<dyn Job>, since: Instant) -> Result<(), Broken> {
        if let Err(error) = self.begin(since) {
            self.refuse(first, &error);
            return self.leave();
        }
        let mut batch = Batch::default();
        if self
            .fill(&mut batch, first)
            .and_then(|()| self.commit_batch(&mut batch))
            .is_err()
        {
            self.memory.note_end();
            batch.give_up();
            return Err(Broken);
        }
        // A batch that ended otherwise has nothing left to publish.
        self.memory.publish();
        self.memory.note_end();
        for (job, outcome) in batch.done.drain(..) {
            run::answer(job, outcome);
        }
        while let Some(job) = batch.alone.pop_front() {
            if self.run_alone(job).is_err() {
                batch.give_up();
                return Err(Broken);
            }
        }
        self.careful = self.careful.saturating_sub(1);
        self.batches += 1;
        if self.batches.is_multiple_of(BATCHES_PER_LOG_CHECK)
            && connection::bound_log(self.session.connection())
        {
            // A log that begins anew looks as if another connection had written.
            self.memory.forget_everything();
            self.version = None;
        }
        Ok(())
    }

    /// Runs the jobs that are waiting, until the batch is full, none is left, or the transaction is gone.
    fn fill(&mut self, batch: &mut Batch, first: Box<dyn Job>) -> Result<(), Broken> {
        let started = Instant::now();
        let mut next = Some(first);
        while let Some(job) = next {
            self.step(job, batch)?;
            let room = batch.done.len() < BATCH_JOBS && started.elapsed() < BATCH_TIME;
            let open = self.session.in_transaction();
            next = if open && room {
                self.jobs.try_pop().map(|waiting| waiting.item)
            } else {
                None
            };
        }
        Ok(())
    }

    fn step(&mut self, mut job: Box<dyn Job>, batch: &mut Batch) -> Result<(), Broken> {
        let savepoint = batch.changed && self.careful > 0;
        match self.run(&mut *job, savepoint) {
            Ran::Keep(changes) => {
                batch.done.push((job, Ok(())));
                batch.changed |= changes != Changes::None;
                if changes == Changes::InSavepoint && self.session.control("RELEASE job").is_err() {
                    batch.dissolve();
                    self.memory.drop_batch();
                    return self.leave();
                }
                Ok(())
            }
            Ran::Undo(changes, outcome) => {
                batch.done.push((job, outcome));
                self.undo(changes, batch)
            }
            Ran::Again(changes, _) => {
                batch.alone.push_back(job);
                self.undo(changes, batch)
            }
            Ran::Aborted(_) => {
                batch.dissolve();
                batch.alone.push_back(job);
                Ok(())
            }
        }
    }

    fn run(&mut self, job: &mut dyn Job, savepoint: bool) -> Ran {
        let compared = self.memory.is_compared();
        let mut tx = SqliteTx::new(&mut self.session, savepoint, Some(&mut self.memory));
        let mut ran = run::run(job, &mut tx);
        if compared && matches!(ran, Ok(Verdict::Commit)) && tx.changes() != Changes::None {
            ran = ran.and_then(|verdict| compare(self.compare, &mut tx).map(|()| verdict));
        }
        let (changes, failure) = tx.into_parts();
        // A full disk, an I/O error and the like can end the whole transaction in the middle of a statement.
        let aborted = !self.session.in_transaction();
        let ran = match run::fate(ran, failure) {
            Fate::Keep if aborted => Ran::Aborted(Err(StoreError::Database(
                "the transaction ended before its commit".to_owned(),
            ))),
            Fate::Undo(outcome) if aborted => Ran::Aborted(outcome),
            Fate::Again(reason) if aborted => Ran::Aborted(Err(StoreError::Unavailable(reason))),
            Fate::Keep => Ran::Keep(changes),
            Fate::Undo(outcome) => Ran::Undo(changes, outcome),
            Fate::Again(reason) => Ran::Again(changes, reason),
        };
        match &ran {
            Ran::Keep(_) | Ran::Undo(Changes::None, _) | Ran::Again(Changes::None, _) => {
                self.memory.keep_job();
            }
            Ran::Undo(..) | Ran::Again(..) => self.memory.drop_job(),
            Ran::Aborted(_) => self.memory.drop_batch(),
        }
        ran
    }

    /// Undoes what the last job did, and nothing else.
    fn undo(&mut self, changes: Changes, batch: &mut Batch) -> Result<(), Broken> {
        match changes {
            Changes::None => Ok(()),
            Changes::Direct if batch.changed => self.replay(batch),
            // Earlier jobs of the batch, if any, have only read.
            Changes::Direct => {
                self.leave()?;
                if self.begin(Instant::now()).is_err() {
                    // The batch simply ends here: it has nothing to commit.
                    return self.leave();
                }
                Ok(())
            }
            Changes::InSavepoint => {
                let back = self.session.control("ROLLBACK TO job");
                if back
                    .and_then(|()| self.session.control("RELEASE job"))
                    .is_err()
                {
                    batch.dissolve();
                    self.memory.drop_batch();
                    return self.leave();
                }
                Ok(())
            }
        }
    }

    /// Undoes everything and runs the jobs of the batch once more, each in a savepoint. One that has failed keeps its
    /// answer and is not run again: it may have panicked.
    fn replay(&mut self, batch: &mut Batch) -> Result<(), Broken> {
        self.careful = CAREFUL_BATCHES;
        self.leave()?;
        self.memory.drop_batch();
        batch.changed = false;
        if self.begin(Instant::now()).is_err() {
            batch.dissolve();
            return self.leave();
        }
        let mut jobs = std::mem::take(&mut batch.done).into_iter();
        for (job, outcome) in jobs.by_ref() {
            if outcome.is_err() {
                batch.done.push((job, outcome));
                continue;
            }
            self.step(job, batch)?;
            if !self.session.in_transaction() {
                break;
            }
        }
        // Only when the transaction ended in the middle is anything left.
        for (job, outcome) in jobs {
            if outcome.is_err() {
                batch.done.push((job, outcome));
            } else {
                batch.alone.push_back(job);
            }
        }
        Ok(())
    }

    fn commit_batch(&mut self, batch: &mut Batch) -> Result<(), Broken> {
        if !self.session.in_transaction() {
            return Ok(());
        }
        let Err(error) = self.commit(batch.changed) else {
            return Ok(());
        };
        // What was written of it, if anything, is uncertain.
        self.memory.forget_everything();
        self.leave()?;
        if matches!(error, StoreError::Conflict(_)) {
            // A deferred constraint: only the job that violates it gets the error.
            batch.dissolve();
        } else {
            tracing::error!(
                "a commit of {} transactions failed: {error}",
                batch.done.len()
            );
            for (_, outcome) in &mut batch.done {
                *outcome = Err(error.clone());
            }
        }
        Ok(())
    }

    /// Runs a job in a transaction of its own and answers it.
    fn run_alone(&mut self, mut job: Box<dyn Job>) -> Result<(), Broken> {
        let mut attempt = 1;
        let outcome = loop {
            if let Err(error) = self.begin(Instant::now()) {
                break Err(error);
            }
            let reason = match self.run(&mut *job, false) {
                Ran::Keep(changes) => match self.commit(changes != Changes::None) {
                    Ok(()) => {
                        self.memory.publish();
                        break Ok(());
                    }
                    Err(error) => {
                        self.memory.forget_everything();
                        match error {
                            StoreError::Retry(reason) => reason,
                            other => break Err(other),
                        }
                    }
                },
                Ran::Undo(_, outcome) => break outcome,
                Ran::Aborted(outcome) => break outcome,
                Ran::Again(_, reason) => reason,
            };
            self.memory.drop_batch();
            self.leave()?;
            if attempt >= backoff::ATTEMPTS {
                break Err(run::gave_up(attempt, &reason));
            }
            thread::sleep(backoff::pause(attempt));
            attempt += 1;
        };
        self.memory.drop_batch();
        let left = self.leave();
        run::answer(job, outcome);
        left
    }

    /// Takes the file's write lock for a job that has waited since `since`, waiting for other processes.
    fn begin(&mut self, since: Instant) -> Result<(), StoreError> {
        loop {
            match self.session.control("BEGIN IMMEDIATE") {
                Err(StoreError::Retry(text))
                    if since.elapsed() >= LOCK_PATIENCE.saturating_sub(BUSY_TIMEOUT / 2) =>
                {
                    return Err(StoreError::Unavailable(format!(
                        "another process is writing: {text}"
                    )));
                }
                // Some kinds of a busy file are reported at once, without SQLite's own waiting.
                Err(StoreError::Retry(_)) => thread::sleep(Duration::from_millis(5)),
                Err(error) => return Err(error),
                Ok(()) => return self.look_for_others(),
            }
        }
    }

    /// Forgets everything if another process has written to the file since the last transaction. None can while this one is open.
    fn look_for_others(&mut self) -> Result<(), StoreError> {
        let version = self.session.data_version()?;
        if self
            .version
            .replace(version)
            .is_some_and(|known| known != version)
            && self.memory.forget_everything()
        {
            tracing::warn!(
                "another process has changed the database: what was in memory of it is loaded again"
            );
        }
        self.memory.note_look();
        Ok(())
    }

    fn commit(&mut self, changed: bool) -> Result<(), StoreError> {
        if changed {
            self.memory.begin_commit();
        }
        let mut done = self.session.control("COMMIT");
        for attempt in 1..=3 {
            if !matches!(done, Err(StoreError::Retry(_))) || !self.session.in_transaction() {
                break;
            }
            thread::sleep(backoff::pause(attempt));
            done = self.session.control("COMMIT");
        }
        if done.is_ok() {
            self.commits.fetch_add(1, Ordering::Release);
        }
        done
    }

    /// Ends the transaction, if there still is one, without keeping anything.
    fn leave(&mut self) -> Result<(), Broken> {
        if self.session.in_transaction() {
            let undone = self.session.control("ROLLBACK");
            if self.session.in_transaction() {
                tracing::error!("a transaction cannot be rolled back: {undone:?}");
                return Err(Broken);
            }
        }
        self.memory.note_end();
        Ok(())
    }

    /// Answers a job that could not start, and all others that have waited as long.
    fn refuse(&self, first: Box<dyn Job>, error: &StoreError) {
        run::answer(first, Err(error.clone()));
        for waiting in self.jobs.take_older_than(LOCK_PATIENCE) {
            run::answer(waiting.item, Err(error.clone()));
        }
    }
}
