//! PostgreSQL: a bounded pool of threads, each with its own connection, fed by one bounded queue.

mod connect;
mod error;
mod fence;
mod ownership;
mod placeholders;
mod session;
mod worker;

use std::{
    sync::{
        Arc,
        atomic::Ordering,
        mpsc::{SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use readmark_model::CommitNumber;

use self::{
    connect::{Connector, Target},
    fence::Fence,
    worker::Owner,
};
use super::{Backend, queue::Queue, run};
use crate::{error::StoreError, job::Job, settings::Claim};

/// The number of transactions that can wait before callers are refused.
const QUEUE_CAPACITY: usize = 16_384;

/// How long a transaction waits for a thread before its caller is told that the database is overloaded.
const QUEUE_PATIENCE: Duration = Duration::from_secs(5);

type Jobs = Queue<Task>;

/// A job and what it may do.
struct Task {
    job: Box<dyn Job>,
    access: Access,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

/// A portal in one schema of a PostgreSQL database.
pub(super) struct Postgres {
    jobs: Arc<Jobs>,
    threads: Vec<JoinHandle<()>>,
    /// `None` where the schema is only read, whoever owns it.
    owner: Option<Owner>,
}

impl Postgres {
    pub(super) fn own(
        url: &str,
        schema: &str,
        connections: usize,
        claim: &Claim,
    ) -> Result<Self, StoreError> {
        let target = Target::new(url, schema)?;
        let owned = apart("postgres-own", {
            let (target, claim) = (target.clone(), claim.clone());
            move || ownership::take(&target, &claim)
        })?;
        let fence = Arc::new(Fence::of(owned.epoch));
        let owner = Owner {
            fence: Arc::clone(&fence),
            commits: Arc::default(),
        };
        let (in_use, watched) = sync_channel(0);
        let pool = target.clone().within(Arc::clone(&fence));
        let mut store = Self::start(&pool, connections, Some(owner), in_use)?;
        let claim = claim.clone();
        // Ends after all others, when they have dropped `in_use`.
        store
            .threads
            .push(start("postgres-owner".to_owned(), move || {
                ownership::keep(owned, &target, &claim, &fence, &watched);
            })?);
        Ok(store)
    }

    pub(super) fn open_to_read(
        url: &str,
        schema: &str,
        connections: usize,
    ) -> Result<Self, StoreError> {
        let target = Target::new(url, schema)?.reading();
        apart("postgres-check", {
            let target = target.clone();
            move || connect::check_schema(&target)
        })?;
        Self::start(&target, connections, None, sync_channel(0).0)
    }

    fn start(
        target: &Target,
        connections: usize,
        owner: Option<Owner>,
        in_use: SyncSender<()>,
    ) -> Result<Self, StoreError> {
        // From here on dropping `store` ends the threads that are already running.
        let mut store = Self {
            jobs: Arc::new(Jobs::new(QUEUE_CAPACITY)),
            threads: Vec::new(),
            owner,
        };
        for number in 1..=connections.max(1) {
            let (jobs, connector) = (Arc::clone(&store.jobs), Connector::new(target.clone()));
            let (owner, in_use) = (store.owner.clone(), in_use.clone());
            store
                .threads
                .push(start(format!("postgres-{number}"), move || {
                    worker::serve(connector, &jobs, owner, in_use)
                })?);
        }
        let jobs = Arc::clone(&store.jobs);
        store
            .threads
            .push(start("postgres-patience".to_owned(), move || {
                refuse_late(&jobs)
            })?);
        Ok(store)
    }

    pub(super) fn schemas(url: &str) -> Result<Vec<String>, StoreError> {
        let url = url.to_owned();
        apart("postgres-list", move || connect::list_schemas(&url))
    }

    /// Deletes the schema with everything in it, if there is one, and then does the rest, as the only owner.
    pub(super) fn erase<E: From<StoreError>>(
        url: &str,
        schema: &str,
        claim: &Claim,
        rest: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        let (target, claim) = (Target::new(url, schema)?, claim.clone());
        let lock = apart("postgres-erase", move || ownership::erase(&target, &claim))?;
        let done = rest();
        apart("postgres-erased", move || {
            drop(lock);
            Ok(())
        })?;
        done
    }

    fn submit(&self, job: Box<dyn Job>, access: Access) {
        run::submit(&self.jobs, Task { job, access }, |task| task.job);
    }
}

impl Backend for Postgres {
    fn submit_read(&self, job: Box<dyn Job>) {
        self.submit(job, Access::Read);
    }

    fn submit_write(&self, job: Box<dyn Job>) {
        self.submit(job, Access::Write);
    }

    fn last_commit(&self) -> CommitNumber {
        let owner = self.owner.as_ref();
        owner.map_or_else(CommitNumber::default, |owner| CommitNumber {
            epoch: owner.fence.latest(),
            count: owner.commits.load(Ordering::Acquire),
        })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.jobs.close();
        let here = thread::current().id();
        if self
            .threads
            .iter()
            .any(|thread| thread.thread().id() == here)
        {
            // The last handle was dropped by a callback on one of these threads: they end by themselves.
            return;
        }
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the store panicked");
            }
        }
    }
}

/// Answers transactions that have waited too long, also while every worker is held up by the database.
fn refuse_late(jobs: &Jobs) {
    while !jobs.wait_closed(Duration::from_millis(500)) {
        for waiting in jobs.take_older_than(QUEUE_PATIENCE) {
            let text = "no connection to the database became free in time".to_owned();
            run::answer(waiting.item.job, Err(StoreError::Unavailable(text)));
        }
    }
}

/// Does something on a thread of its own and waits for it, as the driver may not be used on a thread of an asynchronous runtime.
fn apart<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let done = start(name.to_owned(), work)?;
    done.join()
        .unwrap_or_else(|_| Err(StoreError::Database(format!("{name} panicked"))))
}

fn start<T: Send + 'static>(
    name: String,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, StoreError> {
    let started = thread::Builder::new().name(name).spawn(work);
    started.map_err(|error| StoreError::Unavailable(format!("cannot start a thread: {error}")))
}
