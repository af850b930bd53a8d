//! The inputs that fuzzing keeps, each run through its target.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path};

#[allow(unreachable_pub, reason = "a library of the fuzzing workspace")]
#[path = "../../../fuzz/src/lib.rs"]
mod targets;

fn each_input(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let mut inputs = 0;
    for entry in fs::read_dir(folder.join(target)).unwrap() {
        run(&fs::read(entry.unwrap().path()).unwrap());
        inputs += 1;
    }
    assert!(inputs >= 3, "the corpus of {target} is missing");
}

#[test]
fn requests_are_decoded() {
    each_input("request", targets::request);
}

#[test]
fn forms_are_decoded() {
    each_input("php_brackets", targets::php_brackets);
}

#[test]
fn bb_codes_are_shown_previewed_and_searched() {
    each_input("bb_codes", targets::bb_codes);
}

#[test]
fn references_of_a_batch_are_resolved() {
    each_input("batch_references", targets::batch_references);
}

#[test]
fn exports_of_slack_are_read() {
    each_input("slack_archive", targets::slack_archive);
}
