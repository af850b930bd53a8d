//! SQLite: one writing thread with group commit, and reading threads, each with its own connection.

mod connection;
mod error;
mod reader;
mod session;
mod writer;

use std::{
    path::Path,
    sync::Arc,
    thread::{self, JoinHandle},
};

use rusqlite::Connection;

use self::connection::Role;
use super::{Backend, Compare, queue::Queue, run};
use crate::{error::StoreError, job::Job, memory::Memory};

/// The number of reads, and of writes, that can wait before callers are refused.
const QUEUE_CAPACITY: usize = 16_384;

type Jobs = Queue<Box<dyn Job>>;

/// A portal in one SQLite file.
pub(super) struct Sqlite {
    writes: Arc<Jobs>,
    reads: Arc<Jobs>,
    writer: Option<JoinHandle<()>>,
    readers: Vec<JoinHandle<()>>,
}

/// Why a thread stopped serving jobs on its connection.
enum Stopped {
    /// The store is closed and all accepted jobs are answered.
    Closed,
    /// The connection cannot end its transaction; a new one may work.
    Broken,
}

impl Sqlite {
    pub(super) fn open(
        path: &Path,
        readers: usize,
        memory: Arc<Memory>,
        compare: Compare,
    ) -> Result<Self, StoreError> {
        let mut connection = connection::create(path)?;
        connection::migrate(&mut connection)?;
        let writes = Arc::new(Jobs::new(QUEUE_CAPACITY));
        let reads = Arc::new(Jobs::new(QUEUE_CAPACITY));
        // From here on dropping `store` ends the threads that are already running.
        let mut store = Self {
            writes,
            reads,
            writer: None,
            readers: Vec::new(),
        };
        for number in 1..=readers.max(1) {
            let connection = connection::open(path, Role::Reader)?;
            let (path, jobs) = (path.to_owned(), Arc::clone(&store.reads));
            let name = format!("sqlite-read-{number}");
            store.readers.push(start(name, move || {
                drop(serve(connection, &path, Role::Reader, &jobs, reader::serve));
            })?);
        }
        let (path, jobs) = (path.to_owned(), Arc::clone(&store.writes));
        store.writer = Some(start("sqlite-write".to_owned(), move || {
            let write = |connection: &Connection, jobs: &Jobs| {
                writer::serve(connection, jobs, &memory, compare)
            };
            if let Some(connection) = serve(connection, &path, Role::Writer, &jobs, write) {
                connection::checkpoint_at_close(&connection);
            }
        })?);
        Ok(store)
    }
}

impl Backend for Sqlite {
    fn submit_read(&self, job: Box<dyn Job>) {
        run::submit(&self.reads, job, |job| job);
    }

    fn submit_write(&self, job: Box<dyn Job>) {
        run::submit(&self.writes, job, |job| job);
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.reads.close();
        self.writes.close();
        // The writer comes last: its checkpoint requires that nobody reads any more.
        let threads: Vec<_> = self.readers.drain(..).chain(self.writer.take()).collect();
        let here = thread::current().id();
        if threads.iter().any(|thread| thread.thread().id() == here) {
            // The last handle was dropped by a callback on one of these threads: they end by themselves.
            return;
        }
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the store panicked");
            }
        }
    }
}

fn start(name: String, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    let started = thread::Builder::new().name(name).spawn(work);
    started.map_err(|error| StoreError::Unavailable(format!("cannot start a thread: {error}")))
}

/// Serves jobs until the store is closed, on a new connection whenever one breaks. Answers the last connection.
fn serve(
    mut connection: Connection,
    path: &Path,
    role: Role,
    jobs: &Jobs,
    serve: impl Fn(&Connection, &Jobs) -> Stopped,
) -> Option<Connection> {
    loop {
        match serve(&connection, jobs) {
            Stopped::Closed => return Some(connection),
            Stopped::Broken => tracing::error!(
                "a connection to {} is unusable, opening another",
                path.display()
            ),
        }
        drop(connection);
        connection = loop {
            match connection::open(path, role) {
                Ok(connection) => break connection,
                // Every attempt answers one job, so that callers wait no longer than needed.
                Err(error) => run::answer(jobs.pop()?.item, Err(error)),
            }
        };
    }
}
