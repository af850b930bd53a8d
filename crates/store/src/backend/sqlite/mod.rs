//! SQLite: one writing thread with group commit, and reading threads, each with its own connection.

mod connection;
mod error;
mod inline;
mod looker;
mod ownership;
mod reader;
mod session;
mod writer;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
};

use readmark_model::CommitNumber;
use rusqlite::Connection;

use self::{connection::Role, looker::Looker};
use super::{Backend, Compare, queue::Queue, run};
use crate::{
    error::StoreError,
    job::{ClosureJob, Job},
    memory::Memory,
    settings::Claim,
};

/// The number of reads, and of writes, that can wait before callers are refused.
const QUEUE_CAPACITY: usize = 16_384;

type Jobs = Queue<Box<dyn Job>>;

/// A portal in one SQLite file.
pub(super) struct Sqlite {
    writes: Arc<Jobs>,
    reads: Arc<Jobs>,
    writer: Option<JoinHandle<()>>,
    readers: Vec<JoinHandle<()>>,
    /// Number of the ownership; 0 where the file is only read.
    epoch: i64,
    /// Number of commits of this ownership.
    commits: Arc<AtomicU64>,
    /// What reads are answered from, where anything is kept in memory.
    memory: Option<Arc<Memory>>,
    looker: Option<Looker>,
}

/// Why a thread stopped serving jobs on its connection.
enum Stopped {
    /// The store is closed and all accepted jobs are answered.
    Closed,
    /// The connection cannot end its transaction; a new one may work.
    Broken,
}

impl Sqlite {
    pub(super) fn own(
        path: &Path,
        readers: usize,
        claim: &Claim,
        memory: Arc<Memory>,
        compare: Compare,
    ) -> Result<Self, StoreError> {
        let lock = ownership::Lock::take(path, claim)?;
        let mut connection = connection::create(path)?;
        connection::migrate(&mut connection)?;
        // From here on dropping `store` ends the threads that are already running.
        let mut store = Self::new(ownership::raise(&connection, claim)?);
        if memory.keeps_anything() {
            store.memory = Some(Arc::clone(&memory));
            store.looker = Some(Looker::open(path)?);
        }
        store.start_readers(path, readers, Role::Reader)?;
        let (path, jobs) = (path.to_owned(), Arc::clone(&store.writes));
        let commits = Arc::clone(&store.commits);
        store.writer = Some(start("sqlite-write".to_owned(), move || {
            let write = |connection: &Connection, jobs: &Jobs| {
                writer::serve(connection, jobs, &commits, &memory, compare)
            };
            if let Some(connection) = serve(connection, &path, Role::Writer, &jobs, write) {
                connection::checkpoint_at_close(&connection);
            }
            // Only now, as the owner's last word is written.
            drop(lock);
        })?);
        Ok(store)
    }

    /// Deletes the file, and what SQLite keeps beside it, and then does the rest, as the only owner. The lock's file stays: another
    /// process may be waiting for it.
    pub(super) fn erase<E: From<StoreError>>(
        path: &Path,
        claim: &Claim,
        rest: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        let lock = ownership::Lock::take(path, claim)?;
        // The file itself comes last: without it the others mean nothing.
        for suffix in ["-wal", "-shm", "-journal", ""] {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            let file = Path::new(&name);
            match std::fs::remove_file(file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    let text = format!("{} cannot be deleted: {error}", file.display());
                    return Err(StoreError::Database(text).into());
                }
                _ => {}
            }
        }
        let done = rest();
        drop(lock);
        done
    }

    pub(super) fn open_to_read(path: &Path, readers: usize) -> Result<Self, StoreError> {
        drop(connection::visit(path)?);
        let mut store = Self::new(0);
        store.start_readers(path, readers, Role::Visitor)?;
        Ok(store)
    }

    fn new(epoch: i64) -> Self {
        Self {
            writes: Arc::new(Jobs::new(QUEUE_CAPACITY)),
            reads: Arc::new(Jobs::new(QUEUE_CAPACITY)),
            writer: None,
            readers: Vec::new(),
            epoch,
            commits: Arc::default(),
            memory: None,
            looker: None,
        }
    }

    /// Answers a job from memory alone, or gives it back.
    fn answer_from_memory(&self, job: Box<dyn Job>) -> Option<Box<dyn Job>> {
        let Some(memory) = &self.memory else {
            return Some(job);
        };
        self.look_for_others(memory);
        inline::answer(memory, job)
    }

    /// Sees to it that memory can be answered from, as far as that is possible without waiting.
    fn look_for_others(&self, memory: &Memory) {
        let looked = memory.is_trusted()
            || self
                .looker
                .as_ref()
                .is_some_and(|looker| looker.look(memory));
        if !looked && memory.ask_for_look() {
            self.submit_write(look());
        }
    }

    fn start_readers(&mut self, path: &Path, readers: usize, role: Role) -> Result<(), StoreError> {
        for number in 1..=readers.max(1) {
            let connection = connection::open(path, role)?;
            let (path, jobs) = (path.to_owned(), Arc::clone(&self.reads));
            let name = format!("sqlite-read-{number}");
            let memory = self.memory.clone();
            self.readers.push(start(name, move || {
                let read = |connection: &Connection, jobs: &Jobs| {
                    reader::serve(connection, jobs, memory.as_ref())
                };
                drop(serve(connection, &path, role, &jobs, read));
            })?);
        }
        Ok(())
    }
}

impl Backend for Sqlite {
    fn submit_read(&self, job: Box<dyn Job>) {
        if let Some(job) = self.answer_from_memory(job) {
            run::submit(&self.reads, job, |job| job);
        }
    }

    fn submit_write_if_needed(&self, job: Box<dyn Job>) {
        if let Some(job) = self.answer_from_memory(job) {
            self.submit_write(job);
        }
    }

    fn submit_write(&self, job: Box<dyn Job>) {
        if self.writer.is_none() {
            return run::answer(job, Err(StoreError::NotOwner("it is only read")));
        }
        run::submit(&self.writes, job, |job| job);
    }

    fn last_commit(&self) -> CommitNumber {
        CommitNumber {
            epoch: self.epoch,
            count: self.commits.load(Ordering::Acquire),
        }
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.reads.close();
        self.writes.close();
        // It reads, too.
        self.looker = None;
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

/// A job with which the writing thread begins a batch, and so looks for changes by other processes.
fn look() -> Box<dyn Job> {
    Box::new(ClosureJob::new(
        |_: &mut dyn crate::tx::Tx| Ok::<(), StoreError>(()),
        drop,
    ))
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
