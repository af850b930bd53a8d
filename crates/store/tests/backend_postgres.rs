//! What only PostgreSQL does: connections that break, and transactions that collide.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed test panics"
)]

mod backend_support;

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use backend_support::{PATIENCE, Portal, ids, insert, together};
use readmark_store::{Settings, Store, StoreError, TxExt, params};
use readmark_testkit::postgres_server::PostgresServer;

fn setting(store: &Store, sql: &'static str) -> String {
    store
        .write(move |tx| tx.get(sql, params![], |row| row.string(0)))
        .unwrap_or_else(|error: StoreError| panic!("{error}"))
}

#[test]
fn plans_depend_on_statements_alone() {
    let portal = Portal::postgres();
    assert_eq!(
        setting(&portal.store, "SELECT current_setting('plan_cache_mode')"),
        "force_generic_plan"
    );
}

#[test]
fn commits_are_durable_and_reads_see_one_snapshot() {
    let portal = Portal::postgres();
    assert_eq!(
        setting(
            &portal.store,
            "SELECT current_setting('synchronous_commit')"
        ),
        "on"
    );
    assert_eq!(
        setting(
            &portal.store,
            "SELECT current_setting('transaction_isolation')"
        ),
        "read committed"
    );
    let reading = portal.store.read(|tx| {
        tx.get(
            "SELECT current_setting('transaction_isolation') || ' ' || current_setting('transaction_read_only')",
            params![],
            |row| row.string(0),
        )
    });
    assert_eq!(
        reading.unwrap_or_else(|error: StoreError| panic!("{error}")),
        "repeatable read on"
    );
}

#[test]
fn a_role_that_acknowledges_early_is_overruled() {
    let server = PostgresServer::start().unwrap();
    let portal = Portal::postgres_on(&server, 1);
    portal
        .store
        .write(|tx| {
            tx.execute(
                "ALTER ROLE postgres SET synchronous_commit TO off",
                params![],
            )
        })
        .unwrap();
    let settings = portal.settings.clone();
    drop(portal);
    let again = Store::open(&settings).unwrap();
    assert_eq!(
        setting(&again, "SELECT current_setting('synchronous_commit')"),
        "on"
    );
}

#[test]
fn portals_of_one_database_do_not_see_each_other() {
    let (one, other) = (Portal::postgres(), Portal::postgres());
    one.insert(1, "one").unwrap();
    other.insert(2, "two").unwrap();
    assert_eq!(one.ids(), [1]);
    assert_eq!(other.ids(), [2]);
}

#[test]
fn a_deadlock_is_resolved_for_both() {
    let portal = Portal::postgres();
    portal.insert(1, "one").unwrap();
    portal.insert(2, "two").unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let meet = Arc::new(Barrier::new(2));
    let store = portal.store.clone();
    let counted = Arc::clone(&runs);
    let done = together(2, move |number| {
        let (runs, meet) = (Arc::clone(&counted), Arc::clone(&meet));
        let mut met = false;
        store.write(move |tx| {
            runs.fetch_add(1, Ordering::SeqCst);
            let change = "UPDATE item SET note = coalesce(note, '') || ?2 WHERE id = ?1";
            tx.execute(change, params![1 + number, "x"])?;
            if !met {
                // Both hold their first row now, and each wants the other's.
                met = true;
                meet.wait();
            }
            tx.execute(change, params![2 - number, "x"])
        })
    });
    assert!(
        done.iter().all(|result| matches!(result, Ok(1))),
        "{done:?}"
    );
    assert!(runs.load(Ordering::SeqCst) >= 3, "there was no deadlock");
    let notes = portal.store.read(|tx| {
        tx.list("SELECT note FROM item ORDER BY id", params![], |row| {
            row.string(0)
        })
    });
    assert_eq!(
        notes.unwrap_or_else(|error: StoreError| panic!("{error}")),
        ["xx", "xx"]
    );
}

#[test]
fn a_serialization_failure_is_run_again_even_when_the_commit_raises_it() {
    let portal = Portal::postgres();
    portal.insert(1, "one").unwrap();
    let store = portal.store.clone();
    let meet = Arc::new(Barrier::new(2));
    // Each counts the rows and adds one with that number: only one after the other gives 2 and 3.
    let done = together(2, move |_| {
        let meet = Arc::clone(&meet);
        let mut met = false;
        store.write(move |tx| {
            tx.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", params![])?;
            let count = tx.get("SELECT count(*) FROM item", params![], |row| row.int(0))?;
            if !met {
                met = true;
                meet.wait();
            }
            tx.execute("INSERT INTO item (id, name) SELECT max(id) + 1000 + ?1, ?1::TEXT || random() FROM item", params![count])?;
            Ok::<_, StoreError>(count)
        })
    });
    let mut counts: Vec<_> = done.into_iter().map(|result| result.unwrap()).collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 2]);
}

#[test]
fn a_stopped_server_is_unavailable_and_service_resumes_by_itself() {
    let mut server = PostgresServer::start().unwrap();
    let portal = Portal::postgres_on(&server, 4);
    for id in 0..20 {
        portal.insert(id, &id.to_string()).unwrap();
    }

    server.stop().unwrap();
    let started = Instant::now();
    let store = portal.store.clone();
    let answers = together(40, move |number| match number % 2 {
        0 => store.read(ids).map(drop),
        _ => store
            .write(move |tx| insert(tx, 100 + number, "never"))
            .map(drop),
    });
    assert!(
        answers.iter().all(|answer| matches!(
            answer,
            Err(StoreError::Unavailable(_) | StoreError::NotOwner(_))
        )),
        "{answers:?}"
    );
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );

    server.start_again().unwrap();
    // No attempt fails once the server accepts connections again, whatever a thread of the pool still holds.
    for id in 20..40 {
        portal.insert(id, &id.to_string()).unwrap();
    }
    assert_eq!(portal.ids_after_reopening(), (0..40).collect::<Vec<_>>());
}

#[test]
fn a_restart_between_two_transactions_is_not_noticed() {
    let mut server = PostgresServer::start().unwrap();
    let portal = Portal::postgres_on(&server, 2);
    for id in 0..10 {
        portal.insert(id, &id.to_string()).unwrap();
    }
    server.start_again().unwrap();
    for id in 10..20 {
        portal.insert(id, &id.to_string()).unwrap();
    }
    assert_eq!(portal.ids(), (0..20).collect::<Vec<_>>());
}

#[test]
fn a_connection_that_breaks_in_a_transaction_is_replaced_once() {
    let portal = Portal::postgres();
    let runs = Arc::new(AtomicU32::new(0));
    let count = |runs: &Arc<AtomicU32>| runs.load(Ordering::SeqCst);
    let kill = "SELECT pg_terminate_backend(pg_backend_pid())";

    let counted = Arc::clone(&runs);
    portal
        .store
        .write(move |tx| {
            insert(tx, 1, "one")?;
            if counted.fetch_add(1, Ordering::SeqCst) == 0 {
                tx.query(kill, params![], &mut |_| Ok(()))?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(count(&runs), 2);
    assert_eq!(portal.ids(), [1]);

    let counted = Arc::clone(&runs);
    let outcome = portal.store.write(move |tx| {
        insert(tx, 2, "two")?;
        counted.fetch_add(1, Ordering::SeqCst);
        tx.query(kill, params![], &mut |_| Ok(()))
    });
    assert!(
        matches!(outcome, Err(StoreError::Unavailable(_))),
        "{outcome:?}"
    );
    assert_eq!(count(&runs), 4);
    assert_eq!(portal.ids(), [1]);
}

#[test]
fn waiting_for_a_connection_has_an_end() {
    let server = PostgresServer::start().unwrap();
    let portal = Portal::postgres_on(&server, 1);
    let (hold, held) = std::sync::mpsc::channel::<()>();
    portal.store.read_then(
        move |_| {
            let _ = held.recv_timeout(PATIENCE);
            Ok::<_, StoreError>(())
        },
        drop,
    );
    thread::sleep(Duration::from_millis(100));
    let started = Instant::now();
    let outcome = portal.store.read(ids);
    assert!(
        matches!(outcome, Err(StoreError::Unavailable(_))),
        "{outcome:?}"
    );
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
    drop(hold);
    assert_eq!(portal.ids(), [0; 0]);
}

#[test]
fn a_changed_table_does_not_break_prepared_statements() {
    let portal = Portal::postgres();
    portal.insert(1, "one").unwrap();
    let everything =
        |store: &Store| store.read(|tx| tx.list("SELECT * FROM item", params![], |row| row.int(0)));
    for _ in 0..20 {
        everything(&portal.store).unwrap_or_else(|error: StoreError| panic!("{error}"));
    }
    portal
        .store
        .write(|tx| tx.execute("ALTER TABLE item ADD COLUMN more BIGINT", params![]))
        .unwrap();
    for _ in 0..20 {
        assert_eq!(
            everything(&portal.store).unwrap_or_else(|error: StoreError| panic!("{error}")),
            [1]
        );
    }
}

#[test]
fn an_address_where_nobody_listens_is_unavailable() {
    let url = "postgres://postgres@127.0.0.1:1/postgres".to_owned();
    let settings = Settings::Postgres {
        url,
        schema: "portal".to_owned(),
        connections: 1,
    };
    let error = Store::open(&settings).err().unwrap();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
}

#[test]
fn a_server_that_never_answers_is_unavailable() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "postgres://postgres@{}/postgres",
        silent.local_addr().unwrap()
    );
    let started = Instant::now();
    let error = Store::open(&Settings::Postgres {
        url,
        schema: "portal".to_owned(),
        connections: 1,
    })
    .err()
    .unwrap();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
}
