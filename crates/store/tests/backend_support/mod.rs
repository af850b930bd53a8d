//! What the tests of both databases share: a portal of each kind, and a tiny table.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    unreachable_pub,
    reason = "every test program uses another part of it"
)]

use std::{
    path::PathBuf,
    sync::{Arc, Barrier},
    thread,
    time::Duration,
};

use readmark_store::{HotMemory, Settings, Store, StoreError, Tx, TxExt, params};
use readmark_testkit::postgres_server::PostgresServer;

/// Makes one test of each function for each database.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $test() {
                super::$test(super::Portal::sqlite());
            })+
        }
        mod postgres {
            $(#[test]
            fn $test() {
                super::$test(super::Portal::postgres());
            })+
        }
    };
}
pub(crate) use on_both;

/// A store with one table `item (id, name, note, data)`, and what it lives in.
pub struct Portal {
    pub store: Store,
    pub settings: Settings,
    directory: Option<tempfile::TempDir>,
}

impl Portal {
    pub fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let settings = Settings::Sqlite {
            path: directory.path().join("portal.db"),
            readers: 3,
            memory: HotMemory::COMPARED,
        };
        Self::open(settings, Some(directory))
    }

    pub fn postgres() -> Self {
        Self::open(PostgresServer::shared_settings(8), None)
    }

    /// On a server of the test's own.
    pub fn postgres_on(server: &PostgresServer, connections: usize) -> Self {
        let settings = Settings::Postgres {
            url: server.url(),
            schema: PostgresServer::fresh_schema(),
            connections,
        };
        Self::open(settings, None)
    }

    fn open(settings: Settings, directory: Option<tempfile::TempDir>) -> Self {
        let store = Store::open(&settings).unwrap();
        store
            .write(|tx| {
                let sql = tx.dialect().pick(
                    "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, note TEXT, data BLOB)",
                    "CREATE TABLE item (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, note TEXT, data BYTEA)",
                );
                tx.execute(sql, params![])
            })
            .unwrap();
        Self {
            store,
            settings,
            directory,
        }
    }

    /// Closes this handle; what is answered keeps the data.
    pub fn close(self) -> Option<tempfile::TempDir> {
        self.directory
    }

    /// Where a portal that does not exist yet can be.
    pub fn another(&self) -> Settings {
        match self.settings.clone() {
            Settings::Sqlite {
                path,
                readers,
                memory,
            } => Settings::Sqlite {
                path: path.with_file_name("another.db"),
                readers,
                memory,
            },
            Settings::Postgres {
                url, connections, ..
            } => Settings::Postgres {
                url,
                schema: PostgresServer::fresh_schema(),
                connections,
            },
        }
    }

    /// The file of a SQLite portal.
    pub fn path(&self) -> PathBuf {
        match &self.settings {
            Settings::Sqlite { path, .. } => path.clone(),
            Settings::Postgres { .. } => panic!("no file"),
        }
    }

    pub fn insert(&self, id: i64, name: &str) -> Result<u64, StoreError> {
        let name = name.to_owned();
        self.store.write(move |tx| insert(tx, id, &name))
    }

    pub fn ids(&self) -> Vec<i64> {
        self.store.read(ids).unwrap()
    }

    /// The ids that a newly opened store sees.
    pub fn ids_after_reopening(self) -> Vec<i64> {
        let Self {
            store,
            settings,
            directory,
        } = self;
        drop(store);
        let ids = Store::open(&settings).unwrap().read(ids).unwrap();
        drop(directory);
        ids
    }
}

pub fn insert(tx: &mut dyn Tx, id: i64, name: &str) -> Result<u64, StoreError> {
    tx.execute(
        "INSERT INTO item (id, name) VALUES (?1, ?2)",
        params![id, name],
    )
}

pub fn ids(tx: &mut dyn Tx) -> Result<Vec<i64>, StoreError> {
    tx.list("SELECT id FROM item ORDER BY id", params![], |row| {
        row.int(0)
    })
}

/// Runs `work` on many threads at once and answers their results in order.
pub fn together<T: Send + 'static>(
    threads: i64,
    work: impl Fn(i64) -> T + Send + Sync + 'static,
) -> Vec<T> {
    let work = Arc::new(work);
    let start = Arc::new(Barrier::new(threads as usize));
    let running: Vec<_> = (0..threads)
        .map(|number| {
            let (work, start) = (Arc::clone(&work), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                work(number)
            })
        })
        .collect();
    running
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect()
}

/// Long enough for whatever must happen, short enough to notice that it does not.
pub const PATIENCE: Duration = Duration::from_secs(30);
