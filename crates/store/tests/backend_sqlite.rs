//! What only SQLite does: group commit in one order, a file that fills up, other processes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed test panics"
)]

mod backend_support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use backend_support::{PATIENCE, Portal, ids, insert, together};
use readmark_store::{HotMemory, Settings, Store, StoreError, TxExt, params};

/// A single value that a statement answers on the writing connection.
fn on_writer(store: &Store, sql: &'static str) -> i64 {
    store
        .write(move |tx| tx.get(sql, params![], |row| row.int(0)))
        .unwrap()
}

/// Lets the file grow by so many pages and no more.
fn limit_growth(store: &Store, by: i64) {
    let pages = on_writer(store, "PRAGMA page_count");
    let sql: &'static str = format!("PRAGMA max_page_count = {}", pages + by).leak();
    assert_eq!(on_writer(store, sql), pages + by);
}

/// Holds the writing thread until the sender is dropped, so that what is queued meanwhile becomes one batch.
fn hold_writer(store: &Store) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let (running, is_running) = mpsc::channel();
    store.write_then(
        move |_| {
            // It may run again, as any job may.
            let _ = running.send(());
            let _ = released.recv_timeout(PATIENCE);
            Ok::<_, StoreError>(())
        },
        drop,
    );
    is_running.recv_timeout(PATIENCE).unwrap();
    release
}

/// Queues writes that insert the ids, and answers their outcomes in the order of the callbacks.
fn queue_inserts(
    store: &Store,
    ids: std::ops::Range<i64>,
) -> mpsc::Receiver<(i64, Result<u64, StoreError>)> {
    let (sender, answers) = mpsc::channel();
    for id in ids {
        let sender = sender.clone();
        let name = format!("item {id} {}", "x".repeat(500));
        store.write_then(
            move |tx| insert(tx, id, &name),
            move |result| sender.send((id, result)).unwrap(),
        );
    }
    answers
}

#[test]
fn commits_are_durable_and_constraints_enforced() {
    let portal = Portal::sqlite();
    assert_eq!(on_writer(&portal.store, "PRAGMA synchronous"), 2);
    assert_eq!(on_writer(&portal.store, "PRAGMA foreign_keys"), 1);
    let mode = portal
        .store
        .write(|tx| tx.get("PRAGMA journal_mode", params![], |row| row.string(0)));
    assert_eq!(
        mode.map_err(|error: StoreError| error.to_string()).unwrap(),
        "wal"
    );
}

/// What a job does in a batch with others.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Act {
    Insert,
    /// Refuses after it has written.
    Refuse,
    /// Panics after it has written.
    Panic,
}

#[test]
fn a_job_undone_after_writing_takes_no_other_with_it_and_no_panic_is_run_twice() {
    let portal = Portal::sqlite();
    // Twice, as after the first time the writer is prepared for it.
    for round in 0..2 {
        let release = hold_writer(&portal.store);
        let (sender, answers) = mpsc::channel();
        let panics = Arc::new(AtomicUsize::new(0));
        let acts = [
            Act::Insert,
            Act::Refuse,
            Act::Insert,
            Act::Panic,
            Act::Insert,
            Act::Refuse,
        ];
        for (number, act) in acts.into_iter().enumerate() {
            let id = round * 10 + i64::try_from(number).unwrap();
            let (sender, panics) = (sender.clone(), Arc::clone(&panics));
            portal.store.write_then(
                move |tx| {
                    insert(tx, id, &format!("item {id}"))?;
                    match act {
                        Act::Insert => Ok(()),
                        Act::Refuse => Err(StoreError::Decode("refused")),
                        Act::Panic => {
                            panics.fetch_add(1, Ordering::SeqCst);
                            panic!("a bug")
                        }
                    }
                },
                move |result| sender.send((id, result)).unwrap(),
            );
        }
        drop(release);
        for (number, act) in acts.into_iter().enumerate() {
            let (id, result) = answers.recv_timeout(PATIENCE).unwrap();
            assert_eq!(id, round * 10 + i64::try_from(number).unwrap());
            assert_eq!(result.is_ok(), act == Act::Insert, "{act:?}: {result:?}");
        }
        assert_eq!(panics.load(Ordering::SeqCst), 1);
    }
    assert_eq!(portal.store.read(ids).unwrap(), [0, 2, 4, 10, 12, 14]);
}

#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let portal = Portal::sqlite();
    let path = portal.path();
    for file in [path.clone(), path.with_file_name("portal.db-wal")] {
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o077,
            0,
            "{}",
            file.display()
        );
    }
}

#[test]
fn answers_come_in_the_order_of_the_commits() {
    let portal = Portal::sqlite();
    let release = hold_writer(&portal.store);
    // More than one batch holds.
    let answers = queue_inserts(&portal.store, 0..1500);
    assert!(answers.try_recv().is_err());
    drop(release);
    let answers: Vec<_> = answers.iter().collect();
    assert!(answers.iter().all(|(_, result)| result.is_ok()));
    assert_eq!(
        answers.into_iter().map(|(id, _)| id).collect::<Vec<_>>(),
        (0..1500).collect::<Vec<_>>()
    );
}

#[test]
fn what_is_acknowledged_is_in_the_log_already() {
    let portal = Portal::sqlite();
    let path = portal.path();
    let copies = portal.path().with_file_name("copies");
    std::fs::create_dir(&copies).unwrap();
    let release = hold_writer(&portal.store);
    let (sender, answers) = mpsc::channel();
    for id in 0..40 {
        let (sender, path, copies) = (sender.clone(), path.clone(), copies.clone());
        let name = id.to_string();
        portal.store.write_then(
            move |tx| insert(tx, id, &name),
            move |result| {
                result.unwrap();
                // The state of the disk at the very moment of the acknowledgement, as a crash would leave it.
                let copy = copies.join(format!("{id}.db"));
                std::fs::copy(&path, &copy).unwrap();
                std::fs::copy(
                    path.with_file_name("portal.db-wal"),
                    copy.with_extension("db-wal"),
                )
                .unwrap();
                sender.send((id, copy)).unwrap();
            },
        );
    }
    drop((sender, release));
    let copies: Vec<_> = answers.iter().collect();
    assert_eq!(copies.len(), 40);
    for (id, path) in copies {
        let found = Store::open(&Settings::Sqlite {
            path,
            readers: 1,
            memory: HotMemory::default(),
        })
        .unwrap()
        .read(ids)
        .unwrap();
        assert!(
            found.contains(&id),
            "{id} was acknowledged before it was durable"
        );
    }
}

#[test]
fn a_full_file_fails_what_does_not_fit_and_recovers() {
    let portal = Portal::sqlite();
    portal.insert(-1, "before").unwrap();
    // 20 pages more hold about 130 of the rows.
    limit_growth(&portal.store, 20);

    let release = hold_writer(&portal.store);
    let answers = queue_inserts(&portal.store, 0..400);
    drop(release);
    let mut kept = vec![-1];
    let mut failed = Vec::new();
    for (id, answer) in answers {
        match answer {
            Ok(_) => kept.push(id),
            Err(error) => {
                assert!(error.to_string().contains("the disk is full"), "{error}");
                failed.push(id);
            }
        }
    }
    kept.sort_unstable();
    assert!(
        kept.len() > 20 && failed.len() > 100,
        "{} kept, {} failed",
        kept.len(),
        failed.len()
    );
    assert_eq!(portal.ids(), kept);

    on_writer(&portal.store, "PRAGMA max_page_count = 1000000");
    for id in failed {
        portal.insert(id, &format!("again {id}")).unwrap();
    }
    assert_eq!(portal.ids_after_reopening(), (-1..400).collect::<Vec<_>>());
}

#[test]
fn a_large_failed_transaction_takes_no_other_with_it() {
    let portal = Portal::sqlite();
    limit_growth(&portal.store, 20);
    let release = hold_writer(&portal.store);
    let before = queue_inserts(&portal.store, 0..10);
    let (sender, large) = mpsc::channel();
    portal.store.write_then(
        |tx| {
            // One statement that fills the file.
            tx.execute(
                "INSERT INTO item (id, name) WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n \
                 WHERE i < 9000) SELECT i, printf('%0200d', i) FROM n",
                params![],
            )
        },
        move |result| sender.send(result).unwrap(),
    );
    let after = queue_inserts(&portal.store, 10..20);
    drop(release);
    assert!(
        before
            .iter()
            .chain(after.iter())
            .all(|(_, result)| result.is_ok())
    );
    let error = large
        .recv_timeout(PATIENCE)
        .unwrap()
        .unwrap_err()
        .to_string();
    assert!(error.contains("the disk is full"), "{error}");
    assert_eq!(portal.ids_after_reopening(), (0..20).collect::<Vec<_>>());
}

#[test]
fn a_deferred_constraint_fails_only_the_one_that_violates_it() {
    let portal = Portal::sqlite();
    portal
        .store
        .write(|tx| {
            tx.execute(
                "CREATE TABLE part (id INTEGER PRIMARY KEY, item BIGINT REFERENCES item (id) DEFERRABLE \
                 INITIALLY DEFERRED)",
                params![],
            )
        })
        .unwrap();
    let release = hold_writer(&portal.store);
    let before = queue_inserts(&portal.store, 0..5);
    let (sender, wrong) = mpsc::channel();
    portal.store.write_then(
        |tx| tx.execute("INSERT INTO part (id, item) VALUES (1, 77)", params![]),
        move |result| sender.send(result).unwrap(),
    );
    let after = queue_inserts(&portal.store, 5..10);
    drop(release);
    assert!(
        before
            .iter()
            .chain(after.iter())
            .all(|(_, result)| result.is_ok())
    );
    assert!(matches!(
        wrong.recv_timeout(PATIENCE).unwrap(),
        Err(StoreError::Conflict(_))
    ));
    assert_eq!(portal.ids(), (0..10).collect::<Vec<_>>());
}

/// The same file, opened by a program that does not know the lock of its owner.
fn as_another_program(portal: &Portal) -> Store {
    let path = portal.path().with_file_name("link.db");
    std::os::unix::fs::symlink(portal.path(), &path).unwrap();
    Store::open(&Settings::Sqlite {
        path,
        readers: 1,
        memory: HotMemory::COMPARED,
    })
    .unwrap()
}

#[test]
fn two_programs_share_a_file() {
    let portal = Portal::sqlite();
    let stores = [portal.store.clone(), as_another_program(&portal)];
    let done = together(8, move |number| {
        let store = &stores[number as usize % 2];
        (0..25).all(|step| {
            let id = number * 25 + step;
            store
                .write(move |tx| insert(tx, id, &id.to_string()))
                .is_ok()
        })
    });
    assert_eq!(done, [true; 8]);
    assert_eq!(portal.ids_after_reopening(), (0..200).collect::<Vec<_>>());
}

#[test]
fn another_process_that_never_lets_go_makes_writing_unavailable_for_that_time_only() {
    let portal = Portal::sqlite();
    let other = as_another_program(&portal);
    let release = {
        let (release, released) = mpsc::channel::<()>();
        let (running, is_running) = mpsc::channel();
        other.write_then(
            move |tx| {
                insert(tx, 100, "of the other process")?;
                running.send(()).unwrap();
                let _ = released.recv_timeout(PATIENCE);
                Ok::<_, StoreError>(())
            },
            drop,
        );
        is_running.recv_timeout(PATIENCE).unwrap();
        release
    };
    let started = Instant::now();
    let answers = queue_inserts(&portal.store, 0..50);
    let first = answers.recv_timeout(PATIENCE).unwrap();
    assert!(
        matches!(first.1, Err(StoreError::Unavailable(_))),
        "{first:?}"
    );
    // Those that have waited as long are answered as well, and do not queue up for the same wait each.
    let others: Vec<_> = answers.iter().collect();
    assert_eq!(others.len(), 49);
    assert!(
        others
            .iter()
            .all(|(_, result)| matches!(result, Err(StoreError::Unavailable(_))))
    );
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(portal.ids(), [0; 0]);

    drop(release);
    portal.insert(1, "one").unwrap();
    assert_eq!(portal.ids(), [1, 100]);
}

#[test]
fn the_log_stays_bounded_under_overlapping_readers() {
    let portal = Portal::sqlite();
    let stop = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let (store, stop) = (portal.store.clone(), Arc::clone(&stop));
            thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    store
                        .read(|tx| {
                            let ids = ids(tx)?;
                            thread::sleep(Duration::from_millis(3));
                            Ok::<_, StoreError>(ids)
                        })
                        .unwrap();
                }
            })
        })
        .collect();
    let mut largest = 0;
    for round in 0..200 {
        let data = vec![round as u8; 1 << 20];
        portal
            .store
            .write(move |tx| {
                tx.execute("DELETE FROM item WHERE id = 1", params![])?;
                tx.execute(
                    "INSERT INTO item (id, name, data) VALUES (1, 'one', ?1)",
                    params![&data[..]],
                )
            })
            .unwrap();
        let log = portal.path().with_file_name("portal.db-wal");
        largest = largest.max(std::fs::metadata(log).unwrap().len());
    }
    stop.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.join().unwrap();
    }
    assert!(
        largest < 160 << 20,
        "200 MiB were written, and the log grew to {} MiB",
        largest >> 20
    );
}

#[test]
fn closing_leaves_one_file() {
    let portal = Portal::sqlite();
    portal.insert(1, "one").unwrap();
    let path = portal.path();
    let directory = portal.close();
    let mut left: Vec<_> = std::fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let lock = path.with_extension("lock");
    left.sort_unstable();
    assert_eq!(left, [path, lock.clone()]);
    assert_eq!(std::fs::metadata(lock).unwrap().len(), 0);
    drop(directory);
}

#[test]
fn what_is_no_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes.txt");
    std::fs::write(
        &path,
        "These are my notes, and they shall stay as they are.".repeat(100),
    )
    .unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = Store::open(&Settings::Sqlite {
        path: path.clone(),
        readers: 1,
        memory: HotMemory::default(),
    })
    .err()
    .unwrap()
    .to_string();
    assert!(error.contains("no database"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);

    let missing = directory.path().join("no such directory").join("portal.db");
    let error = Store::open(&Settings::Sqlite {
        path: missing,
        readers: 1,
        memory: HotMemory::default(),
    })
    .err()
    .unwrap();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
}
