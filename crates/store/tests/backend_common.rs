//! What both databases must do alike.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed test panics"
)]

mod backend_support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use backend_support::{PATIENCE, Portal, ids, insert, on_both, together};
use readmark_model::{Holder, Timestamp};
use readmark_store::{Claim, Settings, Store, StoreError, TxError, TxExt, erase, params};

on_both!(
    a_write_is_there_for_every_reader_once_it_is_acknowledged,
    a_refused_write_leaves_nothing,
    a_failed_statement_spoils_its_transaction,
    a_panic_leaves_nothing_and_ends_no_thread,
    a_panicking_callback_ends_no_thread,
    a_reader_stays_on_its_snapshot,
    a_reader_cannot_write,
    many_writers_lose_nothing,
    refusals_between_writes_undo_only_themselves,
    a_transaction_that_asks_is_run_again,
    a_transaction_that_always_asks_gets_an_error,
    closing_finishes_what_was_accepted,
    a_callback_may_hold_the_last_handle,
    a_newer_database_is_refused,
    who_reads_never_migrates_and_an_older_database_is_refused,
    a_portal_has_one_owner_at_a_time,
    a_portal_is_deleted_by_its_owner_alone,
    what_does_not_exist_is_not_made_by_who_reads,
    opening_at_once_migrates_once,
);

/// An error of a use case.
#[derive(Debug, PartialEq)]
enum Refusal {
    No,
    Store(String),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error.to_string())
    }
}

impl TxError for Refusal {
    fn as_store(&self) -> Option<&StoreError> {
        None
    }
}

fn a_write_is_there_for_every_reader_once_it_is_acknowledged(portal: Portal) {
    for id in 1..=20 {
        assert_eq!(portal.insert(id, &format!("item {id}")).unwrap(), 1);
        assert_eq!(portal.ids().last(), Some(&id));
    }
    assert_eq!(portal.ids_after_reopening(), (1..=20).collect::<Vec<_>>());
}

fn a_refused_write_leaves_nothing(portal: Portal) {
    portal.insert(1, "one").unwrap();
    let refused = portal.store.write(|tx| {
        insert(tx, 2, "two")?;
        tx.execute("DELETE FROM item WHERE id = ?1", params![1])?;
        assert_eq!(ids(tx)?, [2]);
        Err::<(), _>(Refusal::No)
    });
    assert_eq!(refused, Err(Refusal::No));
    assert_eq!(portal.ids(), [1]);
}

fn a_failed_statement_spoils_its_transaction(portal: Portal) {
    portal.insert(1, "one").unwrap();
    let outcome = portal.store.write(|tx| {
        insert(tx, 2, "two")?;
        assert!(matches!(insert(tx, 3, "one"), Err(StoreError::Conflict(_))));
        // The code goes on as if nothing had happened.
        assert!(ids(tx).is_err());
        assert!(insert(tx, 4, "four").is_err());
        Ok::<_, StoreError>(())
    });
    assert!(
        matches!(outcome, Err(StoreError::Database(_))),
        "{outcome:?}"
    );
    assert_eq!(portal.ids(), [1]);
}

fn a_panic_leaves_nothing_and_ends_no_thread(portal: Portal) {
    // More often than there are threads.
    for _ in 0..10 {
        let outcome = portal.store.write(|tx| -> Result<(), StoreError> {
            insert(tx, 1, "one")?;
            panic!("a bug in a use case");
        });
        let text = outcome.unwrap_err().to_string();
        assert!(text.contains("a bug in a use case"), "{text}");
        let outcome = portal.store.read(|tx| -> Result<(), StoreError> {
            tx.query("SELECT 1", params![], &mut |_| panic!("a bug in a query"))
        });
        assert!(
            matches!(outcome, Err(StoreError::Database(_))),
            "{outcome:?}"
        );
    }
    assert_eq!(portal.ids(), [0; 0]);
    portal.insert(1, "one").unwrap();
    assert_eq!(portal.ids(), [1]);
}

fn a_panicking_callback_ends_no_thread(portal: Portal) {
    for id in 0..10 {
        portal.store.write_then(
            move |tx| insert(tx, id, &id.to_string()),
            |_| panic!("a bug in a callback of a write"),
        );
        portal
            .store
            .read_then(ids, |_| panic!("a bug in a callback of a read"));
    }
    portal.insert(10, "ten").unwrap();
    while portal.ids().len() < 11 {
        thread::yield_now();
    }
}

fn a_reader_stays_on_its_snapshot(portal: Portal) {
    portal.insert(1, "one").unwrap();
    let (looked, has_looked) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let (answer, answered) = mpsc::channel();
    portal.store.read_then(
        move |tx| {
            let before = ids(tx)?;
            looked.send(()).unwrap();
            may_go_on.recv_timeout(PATIENCE).unwrap();
            Ok::<_, StoreError>((before, ids(tx)?))
        },
        move |result| answer.send(result).unwrap(),
    );
    has_looked.recv_timeout(PATIENCE).unwrap();
    portal.insert(2, "two").unwrap();
    assert_eq!(portal.ids(), [1, 2]);
    go_on.send(()).unwrap();
    let (before, after) = answered.recv_timeout(PATIENCE).unwrap().unwrap();
    assert_eq!((before, after), (vec![1], vec![1]));
}

fn a_reader_cannot_write(portal: Portal) {
    let outcome = portal.store.read(|tx| insert(tx, 1, "one"));
    assert!(
        matches!(outcome, Err(StoreError::Database(_))),
        "{outcome:?}"
    );
    assert_eq!(portal.ids(), [0; 0]);
    portal.insert(1, "one").unwrap();
}

fn many_writers_lose_nothing(portal: Portal) {
    portal.insert(0, "0").unwrap();
    let store = portal.store.clone();
    let done = together(32, move |number| {
        for step in 0..10 {
            let id = 1 + number * 10 + step;
            let name = id.to_string();
            let added = store.write(move |tx| {
                // All of them want the same row, too.
                tx.execute("UPDATE item SET note = ?1 WHERE id = 0", params![&name])?;
                insert(tx, id, &name)
            });
            added?;
        }
        Ok::<_, StoreError>(())
    });
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    assert_eq!(portal.ids_after_reopening(), (0..=320).collect::<Vec<_>>());
}

fn refusals_between_writes_undo_only_themselves(portal: Portal) {
    let store = portal.store.clone();
    let (sender, answers) = mpsc::channel();
    for id in 0..300 {
        let sender = sender.clone();
        let name = id.to_string();
        store.write_then(
            move |tx| {
                if id % 5 == 4 {
                    ids(tx)?;
                    return Err(Refusal::No);
                }
                insert(tx, id, &name)?;
                match id % 5 {
                    1 => Err(Refusal::No),
                    2 => panic!("a bug"),
                    3 => insert(tx, id, "twice").map(drop).map_err(Refusal::from),
                    _ => Ok(()),
                }
            },
            move |result| sender.send((id, result)).unwrap(),
        );
    }
    drop(sender);
    let mut answers: Vec<_> = answers.iter().collect();
    answers.sort_by_key(|(id, _)| *id);
    assert_eq!(answers.len(), 300);
    for (id, answer) in answers {
        match id % 5 {
            0 => assert_eq!(answer, Ok(())),
            1 | 4 => assert_eq!(answer, Err(Refusal::No)),
            _ => assert!(matches!(answer, Err(Refusal::Store(_))), "{answer:?}"),
        }
    }
    assert_eq!(portal.ids(), (0..300).step_by(5).collect::<Vec<_>>());
}

fn a_transaction_that_asks_is_run_again(portal: Portal) {
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let outcome = portal.store.write(move |tx| {
        let run = counted.fetch_add(1, Ordering::SeqCst);
        insert(tx, i64::from(run), "the only one")?;
        if run < 3 {
            Err(StoreError::Retry("once more".into()))
        } else {
            Ok(())
        }
    });
    outcome.unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 4);
    assert_eq!(portal.ids(), [3]);
}

fn a_transaction_that_always_asks_gets_an_error(portal: Portal) {
    let outcome = portal.store.write(|tx| {
        insert(tx, 1, "one")?;
        Err::<(), _>(StoreError::Retry("never satisfied".into()))
    });
    assert!(
        matches!(outcome, Err(StoreError::Unavailable(_))),
        "{outcome:?}"
    );
    let outcome = portal
        .store
        .read(|_| Err::<(), _>(StoreError::Retry("never satisfied".into())));
    assert!(
        matches!(outcome, Err(StoreError::Unavailable(_))),
        "{outcome:?}"
    );
    assert_eq!(portal.ids(), [0; 0]);
}

fn closing_finishes_what_was_accepted(portal: Portal) {
    let (sender, answers) = mpsc::channel();
    for id in 0..200 {
        let sender = sender.clone();
        let name = id.to_string();
        portal.store.write_then(
            move |tx| insert(tx, id, &name),
            move |result| sender.send(result).unwrap(),
        );
    }
    drop(sender);
    let ids = portal.ids_after_reopening();
    // Everything was answered before the store was closed.
    let answers: Vec<_> = answers.try_iter().collect();
    assert_eq!(answers.len(), 200);
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(ids, (0..200).collect::<Vec<_>>());
}

fn a_callback_may_hold_the_last_handle(portal: Portal) {
    let Portal { store, .. } = &portal;
    let (sender, answers) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let handle = store.clone();
    store.read_then(ids, move |result| {
        released.recv_timeout(PATIENCE).unwrap();
        drop(handle);
        sender.send(result).unwrap();
    });
    let settings = portal.settings.clone();
    let keep = portal.close();
    release.send(()).unwrap();
    answers.recv_timeout(PATIENCE).unwrap().unwrap();
    assert_eq!(Store::open(&settings).unwrap().read(ids).unwrap(), [0; 0]);
    drop(keep);
}

fn a_newer_database_is_refused(portal: Portal) {
    portal
        .store
        .write(|tx| {
            tx.execute(
                "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) \
                 VALUES (9000, 'of_the_future', '2030-01-01T00:00:00Z', '1')",
                params![],
            )
        })
        .unwrap();
    let settings = portal.settings.clone();
    let keep = portal.close();
    for open in [Store::open, Store::open_to_read] {
        let text = open(&settings).err().unwrap().to_string();
        assert!(
            text.contains("newer than this program") && text.contains("9000"),
            "{text}"
        );
    }
    drop(keep);
}

fn who_reads_never_migrates_and_an_older_database_is_refused(portal: Portal) {
    let count = |store: &Store| -> i64 {
        let sql = "SELECT count(*) FROM refinery_schema_history";
        let counted = store.read(move |tx| tx.find(sql, params![], |row| row.int(0)));
        counted
            .unwrap_or_else(|error: StoreError| panic!("{error}"))
            .unwrap()
    };
    let all = count(&portal.store);
    portal
        .store
        .write(|tx| {
            // What the latest migration made.
            for table in [
                "DROP TABLE passwords",
                "DROP TABLE sessions",
                "DROP TABLE invitations",
            ] {
                tx.execute(table, params![])?;
            }
            tx.execute(
                "DELETE FROM refinery_schema_history WHERE version >= 41",
                params![],
            )
        })
        .unwrap_or_else(|error: StoreError| panic!("{error}"));
    let left = count(&portal.store);
    assert!(left < all);
    let settings = portal.settings.clone();
    // While it is owned, and when nobody owns it any more.
    let refused = |settings: &Settings| Store::open_to_read(settings).err().unwrap().to_string();
    assert!(refused(&settings).contains("older than this program"));
    let keep = portal.close();
    assert!(refused(&settings).contains("older than this program"));
    assert_eq!(count(&Store::open(&settings).unwrap()), all);
    drop(keep);
}

fn a_portal_has_one_owner_at_a_time(portal: Portal) {
    let claim = |patience| Claim {
        program: "readmark 7".to_owned(),
        host: "harbour".to_owned(),
        door: "/somewhere/door.sock".to_owned(),
        now: Timestamp(77),
        patience,
    };
    let settings = portal.settings.clone();
    let first = portal.store.last_commit();
    assert!(first.epoch > 0);
    portal.insert(1, "one").unwrap();
    assert!(portal.store.last_commit() > first);
    let keep = portal.close();
    let own = |patience| Store::own(&settings, &claim(patience));
    let second = own(Duration::from_secs(5)).unwrap();
    assert_eq!(second.last_commit().epoch, first.epoch + 1);
    // Each of the others is told who it is, and reads.
    let Some(StoreError::Held(Some(holder))) = own(Duration::ZERO).err() else {
        panic!("the portal has two owners")
    };
    let expected = Holder {
        epoch: first.epoch + 1,
        program: "readmark 7".to_owned(),
        host: "harbour".to_owned(),
        door: "/somewhere/door.sock".to_owned(),
        taken_at: Timestamp(77),
    };
    assert_eq!(*holder, expected);
    let reader = Store::open_to_read(&settings).unwrap();
    assert_eq!(reader.read(ids).unwrap(), [1]);
    second.write(|tx| insert(tx, 2, "two")).unwrap();
    assert_eq!(reader.read(ids).unwrap(), [1, 2]);
    let refused = reader.write(|tx| insert(tx, 3, "three"));
    assert!(
        matches!(refused, Err(StoreError::NotOwner(_))),
        "{refused:?}"
    );
    assert_eq!(reader.last_commit().epoch, 0);
    drop(second);
    let third = own(Duration::from_secs(5)).unwrap();
    assert_eq!(third.last_commit().epoch, first.epoch + 2);
    assert_eq!(third.read(ids).unwrap(), [1, 2]);
    drop((third, reader, keep));
}

fn a_portal_is_deleted_by_its_owner_alone(portal: Portal) {
    let claim = |patience| Claim {
        patience,
        ..Claim::default()
    };
    let (at_once, soon) = (claim(Duration::ZERO), claim(Duration::from_secs(5)));
    let settings = portal.settings.clone();
    portal.insert(1, "one").unwrap();
    let refused = erase::<StoreError>(&settings, &at_once, || panic!("it is owned"));
    assert!(
        matches!(refused, Err(StoreError::Held(Some(_)))),
        "{refused:?}"
    );
    assert_eq!(portal.ids(), [1]);
    let keep = portal.close();
    // Whether there is something to delete or not.
    for _ in 0..2 {
        let mut done = false;
        let erased = erase::<StoreError>(&settings, &soon, || {
            let other = Store::own(&settings, &at_once).err();
            assert!(matches!(other, Some(StoreError::Held(None))), "{other:?}");
            done = true;
            Ok(())
        });
        erased.unwrap();
        assert!(done);
        let gone = Store::open_to_read(&settings).err().unwrap();
        assert!(
            matches!(gone, StoreError::Unavailable(_) | StoreError::NoSchema),
            "{gone}"
        );
    }
    assert!(settings.lock_file().is_none_or(|file| file.exists()));
    let failed = erase(&settings, &soon, || Err(Refusal::No));
    assert_eq!(failed, Err(Refusal::No));
    let store = Store::own(&settings, &soon).unwrap();
    assert_eq!(store.last_commit().epoch, 1);
    assert!(store.read(ids).is_err(), "its tables are new");
    drop((store, keep));
}

fn what_does_not_exist_is_not_made_by_who_reads(portal: Portal) {
    let settings = portal.another();
    for _ in 0..2 {
        let error = Store::open_to_read(&settings).err().unwrap();
        assert!(
            matches!(error, StoreError::Unavailable(_) | StoreError::NoSchema),
            "{error}"
        );
    }
}

fn opening_at_once_migrates_once(portal: Portal) {
    let settings = portal.another();
    let opened = together(6, move |_| {
        Store::open(&settings)
            .map(drop)
            .map_err(|error| error.to_string())
    });
    assert_eq!(opened, vec![Ok(()); 6]);
}
