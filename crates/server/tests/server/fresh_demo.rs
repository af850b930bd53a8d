//! `readmark demo --fresh`: the demonstration begins anew.

use std::process::Command;

use readmark_store::{Claim, HotMemory, Settings, Store};
use readmark_testkit::postgres_server::PostgresServer;
use serde_json::{Value, json};

use crate::command_line::{Served, failure, ok, program};

#[test]
fn a_fresh_demonstration_begins_anew_with_the_same_webhooks() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let settings = Settings::Sqlite {
        path: data.join("portals/demo/portal.db"),
        readers: 1,
        memory: HotMemory::default(),
    };
    begins_anew(|| program(&data), &settings);
    let left: Vec<_> = std::fs::read_dir(data.join("portals/demo"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(left.iter().any(|name| name == "portal.lock"), "{left:?}");
}

#[test]
fn a_fresh_demonstration_begins_anew_in_postgresql() {
    let postgres = PostgresServer::start().expect("PostgreSQL");
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let settings = Settings::Postgres {
        url: postgres.url(),
        schema: "portal_demo".to_owned(),
        connections: 1,
    };
    let program = || {
        let mut program = program(&data);
        program.env("READMARK_DATABASE_URL", postgres.url());
        program
    };
    begins_anew(program, &settings);
}

/// `settings` is where the portal of the demonstration is.
fn begins_anew(program: impl Fn() -> Command, settings: &Settings) {
    ok(&program()
        .args(["portal", "create", "kept"])
        .output()
        .unwrap());
    let served = Served::start(program().arg("demo").arg("--fresh"));
    let written = |served: &Served| {
        let chat = json!({ "DIALOG_ID": "chat1", "LIMIT": 100 });
        let found = served.call(1, "im.dialog.messages.get", &chat).result();
        found["messages"].as_array().unwrap().len()
    };
    let seeded = written(&served);
    let message = json!({ "DIALOG_ID": "chat1", "MESSAGE": "before" });
    served.call(1, "im.message.add", &message).result();
    let file = json!({ "dialogId": "chat1", "fields": { "name": "a.txt", "content": "YQ==" } });
    served.call(1, "im.v2.File.upload", &file).result();
    assert_eq!(written(&served), seeded + 2);
    let (code, said) = failure(&program().args(["demo", "--fresh"]).output().unwrap());
    assert!(code == 1 && said.contains("already serving"), "{said}");
    assert_eq!(
        written(&served),
        seeded + 2,
        "nothing is deleted while it is served"
    );
    let users = served.told["users"].clone();
    served.stop();

    let again = Served::start(program().arg("demo").arg("--fresh"));
    assert_eq!(written(&again), seeded);
    for (user, old) in again.told["users"]
        .as_array()
        .unwrap()
        .iter()
        .zip(users.as_array().unwrap())
    {
        let secret = |user: &Value| {
            user["webhook"]
                .as_str()
                .unwrap()
                .split("/rest/")
                .last()
                .unwrap()
                .to_owned()
        };
        assert_eq!(secret(user), secret(old));
    }
    again.stop();

    // A command, or a server with another data folder, owns the portal.
    let claim = |door: &str| Claim {
        program: "readmark 7".to_owned(),
        host: "harbour-7".to_owned(),
        door: door.to_owned(),
        ..Claim::default()
    };
    for (door, expected) in [
        ("", "error: a command works on the portal \"demo\""),
        (
            "/srv/readmark/door.sock",
            "error: another server serves the portal \"demo\"",
        ),
    ] {
        let owned = Store::own(settings, &claim(door)).unwrap();
        let output = program().args(["demo", "--fresh"]).output().unwrap();
        let (code, said) = failure(&output);
        let named = said.contains("readmark 7 on the host \"harbour-7\"");
        assert!(
            code == 1 && said.starts_with(expected) && named,
            "{code} {said}"
        );
        drop(owned);
    }
    let verified = ok(&program()
        .args(["verify", "--portal", "demo"])
        .output()
        .unwrap());
    assert!(
        verified.starts_with("0 drift") && verified.contains("contents of files 0"),
        "{verified}"
    );
    assert!(ok(&program().args(["portal", "list"]).output().unwrap()).contains("kept"));
}
