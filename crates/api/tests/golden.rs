//! Golden requests and responses of every method, word for word, on both stores.

use std::{collections::BTreeSet, path::PathBuf};

use readmark_api::methods::METHODS;
use readmark_testkit::{StoreKind, golden};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden")
}

#[test]
fn every_golden_response_is_answered_on_sqlite() {
    golden::check_folder(&folder(), StoreKind::Sqlite);
}

#[test]
fn every_golden_response_is_answered_on_postgres() {
    golden::check_folder(&folder(), StoreKind::Postgres);
}

#[test]
fn every_method_has_golden_responses_and_nothing_else_has() {
    let with_files: BTreeSet<String> = golden::codes(&folder()).into_keys().collect();
    let methods: BTreeSet<String> = METHODS.iter().map(|entry| entry.name.to_owned()).collect();
    assert_eq!(with_files, methods);
}

#[test]
fn every_method_has_a_golden_success() {
    let successful = golden::successful(&folder());
    let missing: Vec<_> = METHODS
        .iter()
        .map(|entry| entry.name)
        .filter(|name| !successful.contains(*name))
        .collect();
    assert!(missing.is_empty(), "never succeed: {missing:?}");
}

#[test]
fn every_documented_error_has_a_golden_response() {
    let golden = golden::codes(&folder());
    let mut missing = Vec::new();
    for entry in METHODS {
        let answered = golden
            .get(entry.name)
            .map(Vec::as_slice)
            .unwrap_or_default();
        for error in entry.errors {
            if !answered
                .iter()
                .any(|(code, text)| code == error.code && text == error.text)
            {
                missing.push(format!("{}: {} ({})", entry.name, error.code, error.text));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "without a golden response:\n{}",
        missing.join("\n")
    );
}
