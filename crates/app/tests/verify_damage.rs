//! `readmark verify` (rule R17) finds every kind of damage, on both stores.
//!
//! Damage is done by SQL, as no operation of the program does any.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod damages;
mod in_use;

use std::collections::BTreeSet;

use damages::{DAMAGES, DAMAGES_ON_THE_WAY};
use in_use::{lived_in, on_their_way, recount, talk_much};
use readmark_app::verify::{Check, Drift, Report, verify};
use readmark_store::{
    StoreError, TxError, params,
    repo::{bot, event_handler, stream, view},
};
use readmark_testkit::{TestPortal, for_each_store};

/// How a transaction ends that was only tried.
enum Undone {
    Recounted(Box<Report>),
    Failed(StoreError),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl TxError for Undone {
    fn as_store(&self) -> Option<&StoreError> {
        match self {
            Self::Recounted(_) => None,
            Self::Failed(error) => Some(error),
        }
    }
}

/// What is found after the damage, which is undone again.
fn drift_after(portal: &TestPortal, statements: &'static str) -> Vec<Drift> {
    let undone: Result<(), Undone> = portal.portal.store.write(move |tx| {
        let mut rows = 0;
        for sql in statements.split(';') {
            rows += tx.execute(sql, params![])?;
        }
        assert!(rows > 0, "{statements} changes nothing");
        let report = verify(tx, &mut |_, _| ())?;
        Err(Undone::Recounted(Box::new(report)))
    });
    match undone {
        Err(Undone::Recounted(report)) => report.drift,
        Err(Undone::Failed(error)) => panic!("{statements}: {error}"),
        Ok(()) => unreachable!("the transaction is always undone"),
    }
}

fn assert_found(portal: &TestPortal, check: Check, statements: &'static str) {
    let drift = drift_after(portal, statements);
    let found: BTreeSet<&str> = drift.iter().map(|drift| drift.check.name()).collect();
    assert!(
        found.contains(check.name()),
        "{statements} on {:?} is found by {found:?}, not by {}",
        portal.kind,
        check.name()
    );
}

#[test]
fn r17_every_damage_is_found() {
    for_each_store(|portal| {
        lived_in(portal);
        talk_much(portal);
        // Damage to views is the same on both stores.
        let merged: Result<(), StoreError> = portal.portal.store.write(view::merge_recent);
        merged.unwrap();
        for (check, statements) in DAMAGES {
            assert_found(portal, *check, statements);
        }
        assert_eq!(recount(portal).drift, []);
    });
}

#[test]
fn r17_every_damage_to_events_on_their_way_is_found_and_nothing_else() {
    for_each_store(|portal| {
        lived_in(portal);
        let (second, first) = on_their_way(portal);
        assert_eq!(recount(portal).drift, []);
        for (check, statements) in DAMAGES_ON_THE_WAY {
            let drift = drift_after(portal, statements);
            assert!(
                !drift.is_empty(),
                "{statements} on {:?} is not found",
                portal.kind
            );
            for found in drift {
                assert_eq!(found.check, *check, "{statements}: {found}");
            }
        }
        // Events outlive their bots.
        let gone: Result<_, StoreError> = portal.portal.store.write(move |tx| {
            for bot in [first.user, second.user] {
                event_handler::delete_all(tx, bot)?;
                stream::delete(tx, bot)?;
                bot::delete(tx, bot)?;
            }
            Ok(())
        });
        gone.unwrap();
        assert_eq!(recount(portal).drift, []);
    });
}

/// The schema forbids such reactions, so that the rule has to go first.
#[test]
fn r17_reactions_to_nothing_are_found() {
    for_each_store(|portal| {
        lived_in(portal);
        let replaced = portal.portal.store.write(|tx| {
            tx.execute("DROP TABLE reactions", params![])?;
            tx.execute(
                "CREATE TABLE reactions (message_id BIGINT, user_id BIGINT, kind TEXT, created_at BIGINT)",
                params![],
            )?;
            tx.execute("INSERT INTO reactions VALUES (1, 2, 'like', 0)", params![])
        });
        replaced.unwrap();
        assert_eq!(recount(portal).drift, []);
        for statement in [
            "INSERT INTO reactions VALUES (500, 2, 'like', 0)",
            "UPDATE reactions SET user_id = 99",
        ] {
            assert_found(portal, Check::Reaction, statement);
        }
    });
}

#[test]
fn every_check_is_tried() {
    let tried: BTreeSet<Check> = DAMAGES
        .iter()
        .chain(DAMAGES_ON_THE_WAY)
        .map(|(check, _)| *check)
        .chain([Check::Reaction])
        .collect();
    let all: BTreeSet<Check> = Check::ALL.iter().copied().collect();
    assert_eq!(tried, all);
    let names: BTreeSet<&str> = all.iter().map(|check| check.name()).collect();
    assert_eq!(names.len(), all.len());
}

#[test]
fn a_finding_names_the_check_the_place_and_both_numbers() {
    for_each_store(|portal| {
        lived_in(portal);
        let drift = drift_after(portal, "UPDATE chats SET message_count = 60 WHERE id = 1");
        let drift: Vec<String> = drift.iter().map(ToString::to_string).collect();
        assert_eq!(
            drift,
            ["message-count: chat 1: message_count is 60, recounted 6"]
        );
    });
}
