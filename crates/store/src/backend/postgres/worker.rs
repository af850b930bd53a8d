//! A thread of the pool: one connection, one transaction at a time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::SyncSender,
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    Access, Jobs, QUEUE_PATIENCE, Task,
    connect::Connector,
    fence::Fence,
    session::{PostgresTx, Session},
};
use crate::{
    backend::{
        backoff,
        run::{self, Failure, Fate},
    },
    error::StoreError,
    job::Job,
};

/// How long after its arrival a job waits for a connection while the database is down.
const CONNECT_PATIENCE: Duration = Duration::from_secs(3);

/// How often a job looks whether the schema is owned again.
const OWNER_PAUSE: Duration = Duration::from_millis(20);

/// How long after its arrival a job that loses races is run again: a single attempt can wait long for a locked row.
const RACE_PATIENCE: Duration = Duration::from_secs(10);

/// `in_use` is dropped at the end, which tells whoever keeps the lock.
pub(super) fn serve(
    connector: Connector,
    jobs: &Jobs,
    owner: Option<Owner>,
    in_use: SyncSender<()>,
) {
    let mut worker = Worker {
        connector,
        session: None,
        owner,
    };
    // Ahead of the first job, so that none has to wait for it. If it fails, jobs will say so.
    let _ = worker.session(Instant::now());
    while let Some(waiting) = jobs.pop() {
        let Task { mut job, access } = waiting.item;
        let outcome = if waiting.since.elapsed() >= QUEUE_PATIENCE {
            Err(StoreError::Unavailable(
                "no connection to the database became free in time".to_owned(),
            ))
        } else {
            worker.serve(&mut *job, access, waiting.since)
        };
        run::answer(job, outcome);
    }
    drop(worker);
    drop(in_use);
}

struct Worker {
    connector: Connector,
    session: Option<Session>,
    /// `None` where the schema is only read, whoever owns it.
    owner: Option<Owner>,
}

/// What a worker of the owner shares with the others.
#[derive(Clone)]
pub(super) struct Owner {
    pub(super) fence: Arc<Fence>,
    /// Number of commits.
    pub(super) commits: Arc<AtomicU64>,
}

/// The outcome of running a job once.
enum Attempt {
    /// It is answered with this.
    Done(Result<(), StoreError>),
    /// It lost a race, and nothing of it remains.
    Race(String),
    /// The connection broke before the commit was asked for, so that nothing of it remains.
    Lost(String),
}

impl Worker {
    fn serve(
        &mut self,
        job: &mut dyn Job,
        access: Access,
        since: Instant,
    ) -> Result<(), StoreError> {
        if access == Access::Write && self.owner.is_none() {
            return Err(StoreError::NotOwner("it is only read"));
        }
        let mut connect_limit = since + CONNECT_PATIENCE;
        let mut was_lost = false;
        let mut races = 0;
        let started = Instant::now();
        loop {
            self.wait_owned(connect_limit)?;
            let owner = self.owner.clone();
            match attempt(self.session(connect_limit)?, job, access, owner.as_ref()) {
                Attempt::Done(outcome) => {
                    self.forget_broken();
                    return outcome;
                }
                Attempt::Race(reason) => {
                    races += 1;
                    if races >= backoff::ATTEMPTS || started.elapsed() >= RACE_PATIENCE {
                        return Err(run::gave_up(races, &reason));
                    }
                    thread::sleep(backoff::pause(races));
                }
                Attempt::Lost(reason) => {
                    self.session = None;
                    if was_lost {
                        return Err(StoreError::Unavailable(reason));
                    }
                    was_lost = true;
                    connect_limit = Instant::now() + CONNECT_PATIENCE;
                }
            }
        }
    }

    /// Refuses what is not owned, unless it is again before `limit`. The connection is closed then, as it keeps others from owning it.
    fn wait_owned(&mut self, limit: Instant) -> Result<(), StoreError> {
        let Some(owner) = &self.owner else {
            return Ok(());
        };
        while let Err(lost) = owner.fence.epoch() {
            self.session = None;
            if Instant::now() >= limit {
                return Err(lost);
            }
            thread::sleep(OWNER_PAUSE);
        }
        Ok(())
    }

    /// The open connection, or a new one.
    fn session(&mut self, limit: Instant) -> Result<&mut Session, StoreError> {
        self.forget_broken();
        let session = match self.session.take() {
            Some(session) => session,
            None => Session::new(self.connector.connect(limit)?),
        };
        Ok(self.session.insert(session))
    }

    fn forget_broken(&mut self) {
        self.session.take_if(|session| session.is_broken());
    }
}

fn attempt(
    session: &mut Session,
    job: &mut dyn Job,
    access: Access,
    owner: Option<&Owner>,
) -> Attempt {
    let begin = match access {
        Access::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Access::Write => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    };
    match session.control(begin) {
        Err(StoreError::Unavailable(reason)) => return Attempt::Lost(reason),
        Err(error) => return Attempt::Done(Err(error)),
        Ok(()) => {}
    }
    let mut tx = PostgresTx::new(session);
    let ran = run::run(job, &mut tx);
    let failure = tx.into_failure();
    if let (Ok(_), Some(Failure::Lost(reason))) = (&ran, &failure) {
        return Attempt::Lost(reason.clone());
    }
    match run::fate(ran, failure) {
        Fate::Keep => match owner.map(|owner| owner.fence.epoch()) {
            Some(Err(lost)) => {
                session.roll_back();
                Attempt::Done(Err(lost))
            }
            _ => commit(session, owner.filter(|_| access == Access::Write)),
        },
        Fate::Undo(outcome) => {
            session.roll_back();
            Attempt::Done(outcome)
        }
        Fate::Again(reason) => {
            session.roll_back();
            Attempt::Race(reason)
        }
    }
}

fn commit(session: &mut Session, writer: Option<&Owner>) -> Attempt {
    match session.control("COMMIT") {
        Ok(()) => {
            if let Some(writer) = writer {
                writer.commits.fetch_add(1, Ordering::Release);
            }
            Attempt::Done(Ok(()))
        }
        Err(StoreError::Retry(reason)) => Attempt::Race(reason),
        Err(StoreError::Unavailable(reason)) => Attempt::Done(Err(StoreError::Unavailable(
            format!("the connection broke during a commit, whose outcome is unknown: {reason}"),
        ))),
        Err(error) => Attempt::Done(Err(error)),
    }
}
