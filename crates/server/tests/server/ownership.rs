//! One process owns a portal: commands are carried out by its server, at once; what is left of a killed one is no obstacle.

use std::{
    fs,
    io::{Read, Write},
    os::unix::{
        fs::PermissionsExt,
        net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use readmark_store::{HotMemory, Settings, Store, StoreError, params};
use readmark_testkit::postgres_server::PostgresServer;
use serde_json::{Value, json};

use crate::{
    command_line::{Served, failure, ok, program},
    portal::{nothing, post_on},
};

/// A data folder, and the database of its portals.
struct Home {
    folder: tempfile::TempDir,
    database_url: String,
}

impl Home {
    fn new(database_url: &str) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            database_url: database_url.to_owned(),
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn program(&self) -> Command {
        let mut program = program(&self.data());
        program.env("READMARK_DATABASE_URL", &self.database_url);
        program
    }

    fn serve(&self) -> Served {
        Served::start(&mut self.program())
    }

    fn run(&self, args: &[&str]) -> String {
        let output = self.program().args(args).output().unwrap();
        ok(&output).trim_end().to_owned()
    }

    fn fail(&self, args: &[&str]) -> String {
        let (code, said) = failure(&self.program().args(args).output().unwrap());
        assert_eq!(code, 1, "{said}");
        said
    }

    /// Where the portal of the demonstration is.
    fn settings(&self) -> Settings {
        if self.database_url.is_empty() {
            return Settings::Sqlite {
                path: self.data().join("portals/demo/portal.db"),
                readers: 1,
                memory: HotMemory::default(),
            };
        }
        Settings::Postgres {
            url: self.database_url.clone(),
            schema: "portal_demo".to_owned(),
            connections: 1,
        }
    }
}

fn for_each_database(test: impl Fn(&Home)) {
    test(&Home::new(""));
    let server = PostgresServer::start().expect("PostgreSQL");
    test(&Home::new(&server.url()));
}

#[test]
fn what_a_command_changes_holds_for_the_very_next_request() {
    for_each_database(|home| {
        let served = home.serve();
        let id = home.run(&[
            "user",
            "add",
            "--name",
            "Ada",
            "--email",
            "ada@demo.example",
        ]);
        let found = served.call(1, "user.get", &json!({ "ID": id })).result();
        assert_eq!(found[0]["NAME"], "Ada");

        let webhook = home.run(&["webhook", "add", "--user", &id]);
        let call = || served.post(&format!("{webhook}profile"), &nothing());
        assert_eq!(call().result()["ID"], id);
        home.run(&["user", "dismiss", &id]);
        assert_eq!(call().error(), (401, "INVALID_CREDENTIALS".to_owned()));
        assert!(home.run(&["user", "list"]).contains("dismissed"));
        home.run(&["user", "take-back", &id]);
        assert_eq!(call().result()["ID"], id);
        let listed = home.run(&["webhook", "list"]);
        let line = listed.lines().last().unwrap();
        let number = line.split_whitespace().next().unwrap();
        home.run(&["webhook", "revoke", number]);
        assert_eq!(call().error(), (401, "INVALID_CREDENTIALS".to_owned()));

        let token = home.run(&["token", "add", "--client-id", "local.1", "--user", "3"]);
        let target = format!("/rest/profile?auth={token}");
        let profile = || post_on(&mut served.connect(), &target, &nothing());
        assert_eq!(profile().result()["ID"], "3");
        home.run(&["token", "expire", &token]);
        assert_eq!(profile().error(), (401, "expired_token".to_owned()));

        let refused = home.fail(&["user", "dismiss", "1"]);
        assert!(refused.contains("without an administrator"), "{refused}");
        assert_eq!(
            home.fail(&["user", "dismiss", "99"]),
            "error: there is no user 99: see `readmark user list`"
        );
        served.stop();
        // The same without a server.
        home.run(&["user", "dismiss", &id]);
        assert!(home.run(&["user", "list"]).contains("dismissed"));
        assert!(home.run(&["verify"]).starts_with("0 drift"));
    });
}

#[test]
fn nothing_is_in_the_way_after_a_server_was_killed() {
    for_each_database(|home| {
        let mut served = home.serve();
        served.call(1, "profile", &nothing()).result();
        served.process.kill().unwrap();
        served.process.wait().unwrap();
        let door = home.data().join("door.sock");
        assert!(door.exists(), "the socket is left behind");
        // A command finds nobody at the socket, and does it by itself.
        let id = home.run(&["user", "add", "--name", "Ada"]);
        let again = home.serve();
        let found = again.call(1, "user.get", &json!({ "ID": id })).result();
        assert_eq!(found[0]["NAME"], "Ada");
        let mode = fs::metadata(&door).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        home.run(&["user", "absent", &id, "14d"]);
        again.stop();
        assert!(!door.exists());
    });
}

#[test]
fn a_data_folder_may_have_a_path_that_is_too_long_for_a_socket() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("d".repeat(100)).join("e".repeat(100));
    fs::create_dir_all(data.parent().unwrap()).unwrap();
    let served = Served::start(&mut program(&data));
    let id = ok(&program(&data)
        .args(["user", "add", "--name", "Ada"])
        .output()
        .unwrap());
    let found = served.call(1, "user.get", &json!({ "ID": id.trim_end() }));
    assert_eq!(found.result()[0]["NAME"], "Ada");
    served.stop();
}

/// Says something at a door, behind its length.
fn say(stream: &mut UnixStream, message: &Value) {
    let text = message.to_string();
    stream
        .write_all(&u32::try_from(text.len()).unwrap().to_be_bytes())
        .unwrap();
    stream.write_all(text.as_bytes()).unwrap();
}

fn hear(stream: &mut UnixStream) -> Value {
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut text = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut text).unwrap();
    serde_json::from_slice(&text).unwrap()
}

fn meet(data: &Path) -> UnixStream {
    let mut stream = UnixStream::connect(data.join("door.sock")).unwrap();
    let hello = hear(&mut stream);
    assert_eq!(hello["version"], env!("CARGO_PKG_VERSION"));
    say(&mut stream, &hello);
    stream
}

#[test]
fn what_a_killed_command_asked_for_is_done_whole_or_not_at_all() {
    let home = Home::new("");
    let served = home.serve();
    let add = |name: &str| {
        json!({ "portal": "demo", "operation": { "add_user": {
            "name": name, "last_name": "", "email": "", "position": "", "admin": false,
            "extranet": false, "departments": [],
        } } })
    };
    // Killed in the middle of what it says.
    let mut stream = meet(&home.data());
    let text = add("Half").to_string();
    let length = u32::try_from(text.len()).unwrap().to_be_bytes();
    stream.write_all(&length).unwrap();
    stream
        .write_all(&text.as_bytes()[..text.len() / 2])
        .unwrap();
    drop(stream);
    // Killed before it hears the answer.
    let mut stream = meet(&home.data());
    say(&mut stream, &add("Whole"));
    drop(stream);
    // What cannot be understood changes nothing, and is answered.
    let mut stream = meet(&home.data());
    say(
        &mut stream,
        &json!({ "portal": "demo", "operation": { "launch": {} } }),
    );
    assert!(hear(&mut stream)["refused"].is_string());
    let mut stream = meet(&home.data());
    say(&mut stream, &add("Heard"));
    assert!(hear(&mut stream)["done"]["added"].is_i64());
    say(
        &mut stream,
        &json!({ "portal": "other", "operation": { "revoke_webhook": { "id": 1 } } }),
    );
    assert_eq!(hear(&mut stream), "not_served");
    let started = Instant::now();
    let listed = loop {
        let listed = home.run(&["user", "list"]);
        if listed.contains("Whole") || started.elapsed() > Duration::from_secs(10) {
            break listed;
        }
        thread::sleep(Duration::from_millis(50));
    };
    assert!(
        listed.contains("Whole") && listed.contains("Heard"),
        "{listed}"
    );
    assert!(!listed.contains("Half"), "{listed}");
    served.stop();
}

#[test]
fn a_server_of_another_version_is_not_asked() {
    let home = Home::new("");
    home.run(&["portal", "create", "acme"]);
    // As a server of a later version would: with the lock of the folder and another word at the door.
    let lock = fs::File::create(home.data().join("serving.lock")).unwrap();
    lock.lock().unwrap();
    let door = UnixListener::bind(home.data().join("door.sock")).unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = door.accept().unwrap();
        say(
            &mut stream,
            &json!({ "version": "9.0.0", "commit": "abc", "protocol": 7 }),
        );
        hear(&mut stream)
    });
    let said = home.fail(&["user", "add", "--name", "Ada"]);
    assert!(
        said.contains("the server is readmark 9.0.0 (commit abc), and this is readmark "),
        "{said}"
    );
    assert_eq!(server.join().unwrap()["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn an_older_server_that_cannot_be_asked_keeps_its_portal_as_it_is() {
    let home = Home::new("");
    home.run(&["portal", "create", "acme"]);
    let lock = fs::File::create(home.data().join("serving.lock")).unwrap();
    lock.lock().unwrap();
    let before = fs::read(home.data().join("portals/acme/portal.db")).unwrap();
    let said = home.fail(&["user", "add", "--name", "Ada"]);
    assert!(said.contains("has to be stopped first"), "{said}");
    let said = home.fail(&["demo", "--listen", "127.0.0.1:0"]);
    assert!(said.contains("already serving"), "{said}");
    let after = fs::read(home.data().join("portals/acme/portal.db")).unwrap();
    assert!(before == after);
}

#[test]
fn a_command_that_only_reads_neither_migrates_nor_reads_what_it_does_not_know() {
    for_each_database(|home| {
        home.serve().stop();
        let change = |sql: &'static str| {
            let store = Store::open(&home.settings()).unwrap();
            store
                .write(move |tx| tx.execute(sql, params![]))
                .unwrap_or_else(|error: StoreError| panic!("{error}"));
        };
        change("DELETE FROM refinery_schema_history WHERE version = 36");
        let said = home.fail(&["user", "list"]);
        assert!(said.contains("older than this program"), "{said}");
        assert!(home.fail(&["verify"]).contains("older than this program"));
        let store = Store::open_to_read(&home.settings()).err().unwrap();
        assert!(store.to_string().contains("older"), "{store}");
    });
}

#[test]
fn a_portal_that_is_taken_away_is_not_answered_until_it_is_owned_again() {
    let server = PostgresServer::start().expect("PostgreSQL");
    let home = Home::new(&server.url());
    let served = home.serve();
    let url = server.url();
    let read = || served.call(1, "im.dialog.read", &json!({ "DIALOG_ID": "chat1" }));
    assert_eq!(read().status, 200);
    // The session that holds the lock is ended, and somebody else takes it before the server does.
    let mut other = Command::new("psql")
        .args(["--quiet", "--no-align", "--tuples-only", &url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = other.stdin.take().unwrap();
    writeln!(
        input,
        "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND \
         ((classid::bigint << 32) | objid::bigint) = hashtextextended('readmark owner of portal_demo', 0);\n\
         SELECT pg_advisory_lock(hashtextextended('readmark owner of portal_demo', 0)); SELECT 'taken';"
    )
    .unwrap();
    input.flush().unwrap();
    let mut output = other.stdout.take().unwrap();
    let mut said = String::new();
    while !said.contains("taken") {
        let mut byte = [0];
        output.read_exact(&mut byte).unwrap();
        said.push(char::from(byte[0]));
    }
    let started = Instant::now();
    while read().status == 200 {
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "it goes on answering"
        );
    }
    assert_eq!(read().error(), (503, "OVERLOAD_LIMIT".to_owned()));
    // Given back, it is owned and answered again.
    drop(input);
    other.wait().unwrap();
    let started = Instant::now();
    while read().status != 200 {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "it does not recover"
        );
    }
    served.stop();
}

#[test]
fn a_command_for_a_portal_on_another_host_names_the_host() {
    let server = PostgresServer::start().expect("PostgreSQL");
    let home = Home::new(&server.url());
    home.serve().stop();
    let claim = readmark_store::Claim {
        host: "harbour-7".to_owned(),
        door: "/srv/readmark/door.sock".to_owned(),
        ..Default::default()
    };
    let store = Store::own(&home.settings(), &claim).unwrap();
    let said = home.fail(&["user", "add", "--name", "Ada"]);
    assert_eq!(
        said,
        "error: the portal \"demo\" is served on the host \"harbour-7\": give the command there"
    );
    assert!(home.run(&["user", "list"]).contains("Vera"));
    drop(store);
}
