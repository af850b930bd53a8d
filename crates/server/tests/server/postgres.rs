//! Portals in PostgreSQL.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use readmark_testkit::postgres_server::PostgresServer;
use serde_json::json;

use crate::{
    command_line::{Served, failure, ok, program},
    portal::nothing,
};

#[test]
fn a_database_that_is_lost_is_answered_as_an_overload_and_found_again() {
    let mut postgres = PostgresServer::start().expect("PostgreSQL");
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let served = Served::start(program(&data).env("READMARK_DATABASE_URL", postgres.url()));
    let read = || served.call(1, "im.dialog.read", &json!({ "DIALOG_ID": "chat1" }));
    assert_eq!(read().result()["counter"], 0);
    postgres.stop().unwrap();
    assert_eq!(read().error(), (503, "OVERLOAD_LIMIT".to_owned()));
    postgres.start_again().unwrap();
    let start = Instant::now();
    while read().status != 200 {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "it does not recover"
        );
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(read().result()["counter"], 0);
    served.stop();
}

#[test]
fn a_portal_is_served_by_one_server_wherever_its_data_folder_is() {
    let postgres = PostgresServer::start().expect("PostgreSQL");
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (dir.path().join("one"), dir.path().join("other"));
    let run = |data: &Path, args: &[&str]| {
        let mut program = program(data);
        program.env("READMARK_DATABASE_URL", postgres.url());
        program.args(args).output().unwrap()
    };
    let first = Served::start(program(&one).env("READMARK_DATABASE_URL", postgres.url()));
    let (code, said) = failure(&run(&other, &["serve", "--listen", "127.0.0.1:0"]));
    assert!(
        code == 1 && said.contains("another server serves the portal \"demo\""),
        "{said}"
    );
    // A command finds it from another data folder, and is answered from the one of the server.
    let webhook = ok(&run(&other, &["webhook", "add", "--user", "2"]));
    let webhook = webhook.trim_end();
    assert_eq!(
        first
            .post(&format!("{webhook}profile"), &nothing())
            .result()["ID"],
        "2"
    );
    assert!(ok(&run(&other, &["portal", "list"])).contains("demo"));
    first.stop();
    // Nobody has it now: the next server is the next owner.
    let second = Served::start(program(&other).env("READMARK_DATABASE_URL", postgres.url()));
    assert_eq!(second.call(1, "user.get", &nothing()).json()["total"], 6);
    second.stop();
}
