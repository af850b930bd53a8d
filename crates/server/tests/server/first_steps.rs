//! Mistakes on the way to a first portal: each is told in one line, and leaves nothing behind.

use std::fs;

use readmark_testkit::postgres_server::PostgresServer;

use crate::command_line::{failure, ok, program};

#[test]
fn where_no_portal_is_nothing_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    for command in [
        &["serve"][..],
        &["verify"],
        &["user", "list"],
        &["ca", "export", "ca.pem"],
    ] {
        let (status, told) = failure(&program(&data).args(command).output().unwrap());
        assert_eq!(status, 1, "{command:?}");
        assert!(told.contains("there is no portal yet"), "{told}");
        assert!(!data.exists(), "{command:?}");
    }
    assert!(!dir.path().join("ca.pem").exists());
}

#[test]
fn an_exported_authority_replaces_no_other_file() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let run = |args: &[&str]| program(&data).args(args).output().unwrap();
    ok(&run(&["portal", "create", "acme"]));
    let file = dir.path().join("ca.pem");
    fs::write(&file, "another").unwrap();
    let (_, told) = failure(&run(&["ca", "export", "ca.pem"]));
    assert!(told.contains("ca.pem cannot be written"), "{told}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "another");
    fs::remove_file(&file).unwrap();
    ok(&run(&["ca", "export", "ca.pem"]));
    let exported = fs::read_to_string(&file).unwrap();
    assert!(exported.starts_with("-----BEGIN CERTIFICATE-----"));
    ok(&run(&["ca", "export", "ca.pem"]));
    assert_eq!(fs::read_to_string(&file).unwrap(), exported);
}

#[test]
fn a_user_needs_an_address_that_can_be_one() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let run = |args: &[&str]| program(&data).args(args).output().unwrap();
    ok(&run(&["portal", "create", "acme"]));
    let add = ["user", "add", "--name", "Nora", "--email"];
    for wrong in ["nora", "nora@example", "nora lind@example.com"] {
        let (_, told) = failure(&run(&[&add[..], &[wrong]].concat()));
        assert!(told.contains("not an email address"), "{told}");
    }
    ok(&run(&[&add[..], &["nora@example.com"]].concat()));
}

#[test]
fn a_database_that_cannot_be_opened_is_told_with_the_cause_and_without_the_password() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let url = PostgresServer::shared_url();
    let (server, _) = url.rsplit_once('/').unwrap();
    let (_, address) = server.rsplit_once('@').unwrap();
    for (url, cause) in [
        (
            format!("postgres://postgres:secret@{address}/nowhere"),
            "database \"nowhere\" does not exist",
        ),
        (
            "postgres://postgres:secret@127.0.0.1:1/postgres".to_owned(),
            "onnection refused",
        ),
    ] {
        let mut command = program(&data);
        let output = command.args(["serve", "--database-url", &url]).output();
        let (_, told) = failure(&output.unwrap());
        assert!(told.contains(cause), "{told}");
        assert!(!told.contains("secret"), "{told}");
        assert!(!data.exists());
    }
}
