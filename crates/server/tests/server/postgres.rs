//! Portals in PostgreSQL.

use std::{
    thread,
    time::{Duration, Instant},
};

use readmark_testkit::postgres_server::PostgresServer;
use serde_json::json;

use crate::{
    command_line::{Served, program},
    portal::nothing,
};

#[test]
fn a_database_that_is_lost_is_answered_as_an_internal_error_and_found_again() {
    let mut postgres = PostgresServer::start().expect("PostgreSQL");
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let served = Served::start(program(&data).env("READMARK_DATABASE_URL", postgres.url()));
    let read = || served.call(1, "im.dialog.read", &json!({ "DIALOG_ID": "chat1" }));
    assert_eq!(read().result()["counter"], 0);
    postgres.stop().unwrap();
    assert_eq!(read().error(), (500, "INTERNAL_SERVER_ERROR".to_owned()));
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
fn several_servers_share_the_portals_of_one_database() {
    let postgres = PostgresServer::start().expect("PostgreSQL");
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (dir.path().join("one"), dir.path().join("other"));
    let url = postgres.url();
    let first = Served::start(program(&one).env("READMARK_DATABASE_URL", &url));
    let second = Served::start(program(&other).env("READMARK_DATABASE_URL", &url));
    assert_ne!(first.told["webhook"], second.told["webhook"]);
    assert_eq!(second.call(1, "user.get", &nothing()).json()["total"], 6);
    let params = json!({ "DIALOG_ID": "chat1", "MESSAGE": "from the first server" });
    let id = first.call(2, "im.message.add", &params).result();
    let read = second
        .call(1, "im.dialog.read", &json!({ "DIALOG_ID": "chat1" }))
        .result();
    assert_eq!(read["lastId"], id);
    let listed = program(&other)
        .env("READMARK_DATABASE_URL", &url)
        .args(["portal", "list"])
        .output()
        .unwrap();
    assert!(String::from_utf8(listed.stdout).unwrap().contains("demo"));
    first.stop();
    second.stop();
}
