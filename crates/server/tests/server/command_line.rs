//! The program itself: what it prints, and how it ends.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    client::Client,
    portal::{nothing, post_on},
};

/// The program, with nothing of this process's settings.
pub(crate) fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_readmark"));
    let settings = std::env::vars_os().map(|(name, _)| name);
    for name in settings.filter(|name| name.to_string_lossy().starts_with("READMARK_")) {
        command.env_remove(name);
    }
    command
        .current_dir(data.parent().unwrap())
        .arg("--data")
        .arg(data);
    command
}

/// A demonstration that is being served, and what it printed when it was ready.
pub(crate) struct Served {
    pub(crate) process: Child,
    pub(crate) told: Value,
}

impl Served {
    pub(crate) fn start(command: &mut Command) -> Self {
        if !command.get_args().any(|arg| arg == "demo") {
            command.arg("demo");
        }
        let mut process = command
            .args(["--json", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let told =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line:?}"));
        Self { process, told }
    }

    /// Calls a method with the webhook of a user.
    pub(crate) fn call(
        &self,
        user: usize,
        method: &str,
        params: &Value,
    ) -> crate::client::Response {
        let webhook = self.told["users"][user - 1]["webhook"].as_str().unwrap();
        self.post(&format!("{webhook}{method}"), params)
    }

    pub(crate) fn connect(&self) -> Client {
        let url = self.told["url"].as_str().unwrap();
        let port: u16 = url.rsplit(':').next().unwrap().parse().unwrap();
        let authority = self.told["ca"].as_str().unwrap();
        Client::tls(
            ([127, 0, 0, 1], port).into(),
            "localhost",
            Path::new(authority),
        )
    }

    pub(crate) fn post(&self, url: &str, params: &Value) -> crate::client::Response {
        let target = url
            .strip_prefix(self.told["url"].as_str().unwrap())
            .unwrap();
        post_on(&mut self.connect(), target, params)
    }

    /// Tells it to stop, by SIGTERM, and waits until it has.
    pub(crate) fn stop(mut self) {
        let told = Command::new("kill")
            .arg(self.process.id().to_string())
            .status()
            .unwrap();
        assert!(told.success());
        let start = Instant::now();
        while self.process.try_wait().unwrap().is_none() {
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "it does not stop"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(self.process.wait().unwrap().success());
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) fn ok(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Exit code and the one line that says why.
pub(crate) fn failure(output: &Output) -> (i32, String) {
    let said = text(&output.stderr);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(text(&output.stdout), "");
    (output.status.code().unwrap(), said.trim_end().to_owned())
}

#[test]
fn the_demonstration_tells_scripts_how_to_reach_it_and_goes_on_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let served = Served::start(&mut program(&data));
    let told = served.told.clone();
    let keys: Vec<_> = told.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["url", "webhook", "ca", "users"]);
    assert!(Path::new(told["ca"].as_str().unwrap()).is_absolute());
    assert_eq!(told["webhook"], told["users"][0]["webhook"]);
    let users = told["users"].as_array().unwrap();
    assert!(users.len() >= 5);
    for (at, user) in users.iter().enumerate() {
        let profile = served.call(at + 1, "profile", &nothing()).result();
        assert_eq!(profile["ID"], user["id"].to_string());
        assert_eq!(profile["ADMIN"], at == 0);
        let scopes = served.call(at + 1, "scope", &nothing()).result();
        assert!(scopes.as_array().unwrap().len() >= 5, "{scopes}");
        let counters = served.call(at + 1, "im.counters.get", &nothing()).result();
        assert_ne!(counters["TYPE"]["ALL"], 0, "nothing is unread for {user}");
    }
    let extranet = served
        .call(
            1,
            "user.get",
            &json!({ "FILTER": { "USER_TYPE": "extranet" } }),
        )
        .result();
    assert_eq!(extranet.as_array().unwrap().len(), 1);
    let every = json!({ "FIND": "", "USER_DATA": "Y" });
    let tree = served.call(1, "im.search.department.list", &every).result();
    let text_of = |value: &Value| value.as_str().unwrap().to_owned();
    let names: Vec<_> = tree
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                text_of(&one["full_name"]),
                text_of(&one["manager_user_data"]["first_name"]),
            )
        })
        .collect();
    assert_eq!(
        names,
        [
            ("Quayside Events", "Vera"),
            ("Guest service / Quayside Events", "Mei"),
            ("Production / Quayside Events", "Tomasz"),
            ("Design / Production / Quayside Events", "Imani"),
            ("Development / Production / Quayside Events", "Tomasz"),
        ]
        .map(|(name, head)| (name.to_owned(), head.to_owned()))
    );
    let ids: Vec<_> = tree
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["id"])
        .collect();
    let staff = served.call(1, "im.department.employees.get", &json!({ "ID": ids }));
    let staff = staff.result();
    assert!(
        staff
            .as_object()
            .unwrap()
            .values()
            .all(|list| list.as_array().unwrap().len() == 1),
        "{staff}"
    );
    served.stop();

    let again = Served::start(&mut program(&data));
    let secrets = |told: &Value| -> Vec<String> {
        let users = told["users"].as_array().unwrap();
        users
            .iter()
            .map(|user| {
                user["webhook"]
                    .as_str()
                    .unwrap()
                    .split("/rest/")
                    .last()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    };
    assert_eq!(secrets(&again.told), secrets(&told));
    assert_eq!(again.call(1, "profile", &nothing()).result()["ID"], "1");
    let users = again.call(1, "user.get", &nothing()).json();
    assert_eq!(users["total"], 6, "the people are added once");
}

#[test]
fn a_revoked_webhook_of_the_demonstration_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let served = Served::start(&mut program(&data));
    let before = served.told["users"][1]["webhook"].clone();
    ok(&program(&data)
        .args(["webhook", "revoke", "2"])
        .output()
        .unwrap());
    assert_eq!(
        served.call(2, "profile", &nothing()).error().1,
        "INVALID_CREDENTIALS"
    );
    served.stop();
    let again = Served::start(&mut program(&data));
    assert_ne!(again.told["users"][1]["webhook"], before);
    assert_eq!(again.call(2, "profile", &nothing()).result()["ID"], "2");
    assert_eq!(again.call(3, "profile", &nothing()).result()["ID"], "3");
}

#[test]
fn the_demonstration_tells_people_what_to_type() {
    let dir = tempfile::tempdir().unwrap();
    let mut process = program(&dir.path().join("data"))
        .args(["demo", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let lines: Vec<_> = lines.take_while(|line| !line.starts_with("Stop")).collect();
    process.kill().unwrap();
    process.wait().unwrap();
    let curl: Vec<_> = lines.iter().filter(|line| line.contains("curl ")).collect();
    let export = lines
        .iter()
        .find_map(|line| line.trim().strip_prefix("export "));
    let export = export.unwrap_or_else(|| panic!("{lines:?}"));
    assert!(
        export.starts_with("PORTAL_WEBHOOK='https://localhost:") && export.contains("/ca.pem'"),
        "{export}"
    );
    let [curl] = curl.as_slice() else {
        panic!("{lines:?}")
    };
    assert!(
        curl.contains("--cacert '/") && curl.contains("/im.dialog.read -d DIALOG_ID=chat"),
        "{curl}"
    );
    for part in ["Webhook:", "CA file:", "Vera Lindqvist", "Noor Haddin"] {
        assert!(
            lines.iter().any(|line| line.contains(part)),
            "{part} in {lines:?}"
        );
    }
}

#[test]
fn commands_work_beside_a_running_server() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let served = Served::start(&mut program(&data));
    let run = |args: &[&str]| {
        ok(&program(&data).args(args).output().unwrap())
            .trim_end()
            .to_owned()
    };

    let limited = run(&["webhook", "add", "--user", "2", "--scope", "im"]);
    let scope = served.post(&format!("{limited}scope"), &nothing()).result();
    assert_eq!(scope, json!(["im"]));
    assert_eq!(
        served
            .post(&format!("{limited}user.get"), &nothing())
            .error(),
        (401, "insufficient_scope".to_owned())
    );
    let secret = limited.trim_end_matches('/').rsplit('/').next().unwrap();
    assert!(
        secret.len() >= 16
            && secret
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    );
    assert!(!run(&["webhook", "list"]).contains(secret));

    let id = run(&[
        "user",
        "add",
        "--name",
        "Ada",
        "--last-name",
        "Nowak",
        "--email",
        "ada@demo.example",
    ]);
    assert!(run(&["user", "list"]).contains("Ada Nowak"));
    let webhook = run(&[
        "webhook",
        "add",
        "--user",
        &id,
        "--expires",
        "30d",
        "--title",
        "Nightly",
    ]);
    assert_eq!(
        served
            .post(&format!("{webhook}profile"), &nothing())
            .result()["ID"],
        id
    );
    assert!(run(&["webhook", "list"]).contains("Nightly"));
    run(&["user", "hide-receipts", &id, "on"]);
    assert!(run(&["user", "list"]).contains("hides receipts"));
    run(&["user", "hide-receipts", &id, "off"]);
    assert!(!run(&["user", "list"]).contains("hides receipts"));

    let away = || {
        let user = served.call(1, "im.user.get", &json!({ "ID": id })).result();
        user["absent"].clone()
    };
    assert_eq!(away(), false);
    run(&["user", "absent", &id, "2100-01-31"]);
    assert_eq!(away(), "2100-01-31T00:00:00+00:00");
    assert!(run(&["user", "list"]).contains("absent"));
    run(&["user", "absent", &id, "no"]);
    assert_eq!(away(), false);
    assert!(!run(&["user", "list"]).contains("absent"));

    let token = run(&[
        "token",
        "add",
        "--client-id",
        "local.1",
        "--user",
        "3",
        "--scope",
        "user_brief,im",
    ]);
    let profile = |served: &Served| {
        post_on(
            &mut served.connect(),
            &format!("/rest/profile?auth={token}"),
            &nothing(),
        )
    };
    assert_eq!(profile(&served).result()["ID"], "3");
    run(&["token", "expire", &token]);
    assert_eq!(profile(&served).error(), (401, "expired_token".to_owned()));

    assert_eq!(
        run(&["ca", "export"]),
        std::fs::read_to_string(served.told["ca"].as_str().unwrap())
            .unwrap()
            .trim_end()
    );
    assert!(run(&["portal", "list"]).contains("demo"));
    assert!(run(&["verify"]).starts_with("0 drift"));
}

#[test]
fn a_portal_is_made_filled_and_served() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let run = |args: &[&str]| program(&data).args(args).output().unwrap();
    assert_eq!(failure(&run(&["serve"])).0, 1);
    assert_eq!(
        ok(&run(&[
            "portal",
            "create",
            "acme",
            "--time-zone",
            "Asia/Tokyo"
        ])),
        "portal acme at host localhost\n"
    );
    assert_eq!(
        ok(&run(&["user", "add", "--name", "Ada", "--admin"])),
        "1\n"
    );
    let (code, said) = failure(&run(&["portal", "create", "acme"]));
    assert_eq!((code, said.contains("already")), (1, true), "{said}");
    assert_eq!(
        ok(&run(&["portal", "create", "other"])),
        "portal other at host other.localhost\n"
    );
    let (code, said) = failure(&run(&["user", "list"]));
    assert!(
        code == 1 && said.contains("--portal") && said.contains("acme, other"),
        "{said}"
    );
    assert!(ok(&run(&["user", "list", "--portal", "acme"])).contains("Ada"));
    assert!(!ok(&run(&["--portal", "other", "user", "list"])).contains("Ada"));
    assert_eq!(ok(&run(&["portal", "list"])).lines().count(), 3);
}

#[test]
fn wrong_usage_and_settings_end_with_2_and_one_line_and_failures_with_1() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let run = |args: &[&str], variable: (&str, &str)| {
        failure(
            &program(&data)
                .args(args)
                .env(variable.0, variable.1)
                .output()
                .unwrap(),
        )
    };
    let none = ("HOME", "/");
    let (code, said) = run(&["demo"], ("READMARK_LISTN", "x"));
    assert_eq!(
        (code, said.as_str()),
        (
            2,
            "error: setting `listn` (environment): there is no such setting"
        )
    );
    let (code, said) = run(&["serve", "--listen", "nowhere"], none);
    assert!(code == 2 && said.contains("`listen`"), "{said}");
    let (code, said) = run(&["demo", "--set", "max_body=big"], none);
    assert!(
        code == 2 && said.contains("`max_body` (command line)"),
        "{said}"
    );
    let (code, said) = run(&["demo", "--config", "/nowhere.toml"], none);
    assert!(
        code == 2 && said.contains("/nowhere.toml cannot be read"),
        "{said}"
    );
    let (code, said) = run(&["webhook", "add", "--user", "1"], none);
    assert!(code == 1 && said.contains("portal create"), "{said}");
    let (code, said) = run(
        &["user", "list"],
        (
            "READMARK_DATABASE_URL",
            "postgres://nobody:s3cr3t@127.0.0.1:1/none",
        ),
    );
    assert!(code == 1 && !said.contains("s3cr3t"), "{said}");
    let usage = program(&data)
        .args(["serve", "--no-such-flag"])
        .output()
        .unwrap();
    assert_eq!(usage.status.code(), Some(2));
    // Variables of the tests of the SDKs are no settings.
    let demo = Served::start(
        program(&data)
            .env("READMARK_DEMO", "{}")
            .env("READMARK_TEST_POSTGRES_URL", "x"),
    );
    demo.stop();
}

#[test]
fn mistakes_of_single_commands_are_told_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let run = |args: &[&str]| program(&data).args(args).output().unwrap();
    ok(&run(&["portal", "create", "acme"]));
    ok(&run(&[
        "user",
        "add",
        "--name",
        "Ada",
        "--email",
        "ada@acme.example",
    ]));
    for (args, expected) in [
        (
            vec![
                "user",
                "add",
                "--name",
                "Eve",
                "--email",
                "ADA@acme.example",
            ],
            "another user has this email",
        ),
        (vec!["webhook", "add", "--user", "7"], "there is no user 7"),
        (
            vec!["webhook", "add", "--user", "1", "--scope", "im,crm"],
            "unknown scope",
        ),
        (
            vec!["webhook", "add", "--user", "1", "--expires", "soon"],
            "is not a time",
        ),
        (
            vec!["webhook", "add", "--user", "1", "--expires", "2001-01-01"],
            "has already passed",
        ),
        (vec!["webhook", "revoke", "9"], "there is no webhook 9"),
        (vec!["user", "absent", "7", "no"], "there is no user 7"),
        (vec!["user", "absent", "1", "soon"], "is not a time"),
        (
            vec!["user", "absent", "1", "2001-01-01"],
            "has already passed",
        ),
        (vec!["token", "expire", "unknown"], "there is no such token"),
        (
            vec!["portal", "create", "Acme!"],
            "cannot be the name of a portal",
        ),
        (
            vec!["portal", "create", "b", "--time-zone", "Mars/Olympus"],
            "is not a time zone",
        ),
        (
            vec!["portal", "create", "b", "--host", "localhost"],
            "another portal has the host",
        ),
    ] {
        let (code, said) = failure(&run(&args));
        assert!(code == 1 && said.contains(expected), "{args:?}: {said}");
    }
}

#[test]
fn one_folder_is_served_by_one_program() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let _first = Served::start(&mut program(&data));
    let (code, said) = failure(
        &program(&data)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .output()
            .unwrap(),
    );
    assert!(code == 1 && said.contains("already serving"), "{said}");
}
