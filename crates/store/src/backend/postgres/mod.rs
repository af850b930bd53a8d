//! PostgreSQL: a bounded pool of threads, each with its own connection, fed by one bounded queue.

mod connect;
mod error;
mod placeholders;
mod session;
mod worker;

use std::{
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use self::connect::Connector;
use super::{Backend, queue::Queue, run};
use crate::{error::StoreError, job::Job};

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
}

impl Postgres {
    pub(super) fn open(url: &str, schema: &str, connections: usize) -> Result<Self, StoreError> {
        let target = connect::Target::new(url, schema)?;
        // On a thread of its own, as the driver may not be used on a thread of an asynchronous runtime.
        let prepared = start("postgres-migrate".to_owned(), {
            let target = target.clone();
            move || connect::prepare_schema(&target)
        })?;
        prepared.join().unwrap_or_else(|_| {
            Err(StoreError::Database(
                "preparing the schema panicked".to_owned(),
            ))
        })?;

        // From here on dropping `store` ends the threads that are already running.
        let mut store = Self {
            jobs: Arc::new(Jobs::new(QUEUE_CAPACITY)),
            threads: Vec::new(),
        };
        for number in 1..=connections.max(1) {
            let (jobs, connector) = (Arc::clone(&store.jobs), Connector::new(target.clone()));
            store
                .threads
                .push(start(format!("postgres-{number}"), move || {
                    worker::serve(connector, &jobs)
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
        let listed = start("postgres-list".to_owned(), move || {
            connect::list_schemas(&url)
        })?;
        listed.join().unwrap_or_else(|_| {
            Err(StoreError::Database(
                "listing the schemas panicked".to_owned(),
            ))
        })
    }

    pub(super) fn erase(url: &str, schema: &str) -> Result<(), StoreError> {
        let target = connect::Target::new(url, schema)?;
        let erased = start("postgres-erase".to_owned(), move || {
            connect::drop_schema(&target)
        })?;
        erased.join().unwrap_or_else(|_| {
            Err(StoreError::Database(
                "deleting the schema panicked".to_owned(),
            ))
        })
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

fn start<T: Send + 'static>(
    name: String,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<JoinHandle<T>, StoreError> {
    let started = thread::Builder::new().name(name).spawn(work);
    started.map_err(|error| StoreError::Unavailable(format!("cannot start a thread: {error}")))
}
