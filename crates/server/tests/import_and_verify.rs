//! `readmark import` and `readmark verify` as they are used, on both stores.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use readmark_store::{HotMemory, Settings, Store, StoreError, params};
use readmark_testkit::postgres_server::PostgresServer;
use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

/// A data folder with a portal, made by the program itself.
struct Home {
    folder: tempfile::TempDir,
    database_url: String,
    portal: String,
}

/// What a command said and how it ended.
struct Said {
    code: Option<i32>,
    out: String,
    error: String,
}

impl Home {
    fn new(database_url: &str) -> Self {
        let home = Self {
            folder: tempfile::tempdir().expect("a temporary directory"),
            database_url: database_url.to_owned(),
            portal: PostgresServer::fresh_schema(),
        };
        let made = home.run(&[
            "portal",
            "create",
            &home.portal,
            "--time-zone",
            "Europe/Lisbon",
        ]);
        assert_eq!(made.code, Some(0), "{}", made.error);
        home
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_readmark"))
            .args(arguments)
            .env("READMARK_DATA", self.data())
            .env("READMARK_DATABASE_URL", &self.database_url)
            .env("READMARK_PORTAL", &self.portal)
            .output()
            .expect("the program runs");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Said {
            code: output.status.code(),
            out: text(output.stdout),
            error: text(output.stderr),
        }
    }

    /// Writes an archive and answers its path.
    fn archive(&self, name: &str, messages: &Value) -> String {
        let path = self.folder.path().join(name);
        write_archive(&path, messages);
        path.to_str().expect("a path that is text").to_owned()
    }

    /// Changes a row behind the program's back.
    fn damage(&self) {
        let settings = if self.database_url.is_empty() {
            Settings::Sqlite {
                path: self
                    .data()
                    .join("portals")
                    .join(&self.portal)
                    .join("portal.db"),
                readers: 1,
                memory: HotMemory::default(),
            }
        } else {
            Settings::Postgres {
                url: self.database_url.clone(),
                schema: format!("portal_{}", self.portal),
                connections: 1,
            }
        };
        let store = Store::open(&settings).expect("the store opens");
        let changed: Result<u64, StoreError> =
            store.write(|tx| tx.execute("UPDATE chats SET message_count = 20", params![]));
        assert_eq!(changed.expect("a change"), 1);
    }
}

fn write_archive(path: &Path, messages: &Value) {
    let files = [
        (
            "users.json",
            json!([{"id": "U1", "real_name": "Mia Sørli"}, {"id": "U2", "real_name": "Noor Haddad"}]),
        ),
        (
            "channels.json",
            json!([{"id": "C1", "name": "general", "creator": "U1", "members": ["U1", "U2"]}]),
        ),
        ("general/2024-03-01.json", messages.clone()),
        ("elsewhere/2024-03-01.json", json!([])),
    ];
    let mut zip = ZipWriter::new(File::create(path).expect("a file"));
    for (name, content) in files {
        zip.start_file(name, SimpleFileOptions::default())
            .expect("an entry");
        zip.write_all(content.to_string().as_bytes())
            .expect("its content");
    }
    zip.finish().expect("an archive");
}

fn for_each_database(test: impl Fn(&Home)) {
    test(&Home::new(""));
    test(&Home::new(PostgresServer::shared_url()));
}

fn two_messages() -> Value {
    json!([
        {"user": "U1", "ts": "1709251200.000100", "text": "the day before, in Lisbon"},
        {"user": "U1", "ts": "1709337600.000100", "text": "the day itself"},
    ])
}

#[test]
fn an_export_is_imported_once_and_recounted_without_drift() {
    for_each_database(|home| {
        let archive = home.archive("export.zip", &two_messages());
        let first = home.run(&["import", "slack", &archive, "--unread-from", "2024-03-02"]);
        assert_eq!(first.code, Some(0), "{}", first.error);
        assert!(
            first
                .out
                .starts_with("Imported 2 users, 1 chat and 2 messages in "),
            "{}",
            first.out
        );
        assert!(
            first
                .out
                .contains("Passed over, as it belongs to no chat: elsewhere/"),
            "{}",
            first.out
        );
        // Nothing but what was asked for is said where nobody watches a bar.
        assert_eq!(first.error, "");
        let again = home.run(&["import", "slack", &archive]);
        assert_eq!((again.code, &*again.out), (Some(1), ""));
        assert!(
            again
                .error
                .starts_with("error: this archive was imported already on "),
            "{}",
            again.error
        );
        let verified = home.run(&["verify"]);
        assert_eq!(verified.code, Some(0));
        assert_eq!(
            verified.out,
            "0 drift; recounted: messages 2, view rows 0, members 2, chats 1, users 2, contents of files 0\n"
        );
    });
}

#[test]
fn a_damaged_archive_is_refused_in_one_line_with_file_and_reason() {
    for_each_database(|home| {
        let archive = home.archive(
            "damaged.zip",
            &json!([{"user": "U1", "ts": "soon", "text": "hi"}]),
        );
        let refused = home.run(&["import", "slack", &archive]);
        assert_eq!((refused.code, &*refused.out), (Some(1), ""));
        assert_eq!(
            refused.error,
            "error: general/2024-03-01.json: message 1: ts \"soon\" is no time\n"
        );
        let verified = home.run(&["verify"]);
        assert!(
            verified.out.starts_with("0 drift; recounted: messages 0,"),
            "{}",
            verified.out
        );
    });
}

#[test]
fn drift_is_printed_a_line_each_and_ends_with_failure() {
    for_each_database(|home| {
        let archive = home.archive("export.zip", &two_messages());
        assert_eq!(home.run(&["import", "slack", &archive]).code, Some(0));
        home.damage();
        let verified = home.run(&["verify"]);
        assert_eq!(verified.code, Some(1));
        let lines: Vec<&str> = verified.out.lines().collect();
        assert_eq!(
            lines[0],
            "message-count: chat 1: message_count is 20, recounted 2"
        );
        assert!(
            lines[1].starts_with("1 drift; recounted: messages 2,"),
            "{}",
            lines[1]
        );
    });
}
