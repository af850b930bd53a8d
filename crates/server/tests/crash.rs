//! The program is killed under load, again and again: everything that it acknowledged is there afterwards, and `verify` finds
//! no drift (rules R16, R17).

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use readmark_testkit::postgres_server::PostgresServer;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_readmark");

/// People who send and read at the same time.
const WORKERS: usize = 4;

/// The running program.
struct Server {
    process: Child,
    webhooks: Vec<String>,
}

impl Server {
    fn start(data: &Path, database_url: &str) -> Self {
        let mut process = Command::new(PROGRAM)
            .args([
                "demo",
                "--json",
                "--allow-http",
                "--listen",
                "127.0.0.1:0",
                "--data",
            ])
            .arg(data)
            .env("READMARK_DATABASE_URL", database_url)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let out = process.stdout.take().expect("its output");
        BufReader::new(out)
            .read_line(&mut line)
            .expect("its first line");
        let told: Value =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line:?}"));
        let webhook = |user: &Value| {
            user["webhook"]
                .as_str()
                .map(|url| url.replacen("https:", "http:", 1))
        };
        let webhooks = told["users"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(webhook)
            .collect();
        Self { process, webhooks }
    }

    /// Ends it with SIGKILL.
    fn kill(&mut self) {
        self.process.kill().expect("the program is killed");
        self.process.wait().expect("the program has ended");
    }
}

/// Calls a method; `None` where no answer came, as the program was killed.
fn call(agent: &ureq::Agent, webhook: &str, method: &str, params: &Value) -> Option<Value> {
    let mut response = agent
        .post(format!("{webhook}{method}"))
        .send_json(params)
        .ok()?;
    let answer: Value = response.body_mut().read_json().ok()?;
    Some(answer["result"].clone())
}

/// What was acknowledged so far.
#[derive(Default)]
struct Acknowledged {
    /// Text by message.
    messages: BTreeMap<i64, String>,
    /// The last read message by worker.
    reads: BTreeMap<usize, i64>,
}

fn held(acknowledged: &Mutex<Acknowledged>) -> MutexGuard<'_, Acknowledged> {
    acknowledged.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends and reads until the program answers no more.
fn work(
    worker: usize,
    round: u64,
    webhook: &str,
    dialog: &str,
    acknowledged: &Mutex<Acknowledged>,
) {
    let agent = ureq::Agent::new_with_defaults();
    for number in 0_u64.. {
        let text = format!("round {round}, worker {worker}, number {number}");
        let params = json!({ "DIALOG_ID": dialog, "MESSAGE": text });
        let Some(sent) =
            call(&agent, webhook, "im.message.add", &params).and_then(|id| id.as_i64())
        else {
            return;
        };
        held(acknowledged).messages.insert(sent, text);
        let params = json!({ "DIALOG_ID": dialog });
        let Some(read) = call(&agent, webhook, "im.dialog.read", &params) else {
            return;
        };
        let last = read["lastId"].as_i64().expect("a read answers its last id");
        held(acknowledged).reads.insert(worker, last);
    }
}

/// Everything acknowledged is there.
fn check(server: &Server, dialog: &str, acknowledged: &Acknowledged) {
    let agent = ureq::Agent::new_with_defaults();
    let mut found = BTreeMap::new();
    let mut after = 0;
    loop {
        let params = json!({ "DIALOG_ID": dialog, "FIRST_ID": after, "LIMIT": 50 });
        let page = call(
            &agent,
            &server.webhooks[0],
            "im.dialog.messages.get",
            &params,
        )
        .expect("messages");
        let messages = page["messages"].as_array().expect("a list of messages");
        for message in messages {
            let id = message["id"].as_i64().expect("an id");
            found.insert(id, message["text"].as_str().unwrap_or_default().to_owned());
            after = after.max(id);
        }
        if messages.is_empty() {
            break;
        }
    }
    for (id, text) in &acknowledged.messages {
        assert_eq!(found.get(id), Some(text), "message {id} was acknowledged");
    }
    for (worker, last) in &acknowledged.reads {
        let params = json!({ "DIALOG_ID": dialog });
        let state =
            call(&agent, &server.webhooks[*worker], "im.dialog.get", &params).expect("a dialog");
        let stored = state["last_id"].as_i64().expect("a last id");
        assert!(
            stored >= *last,
            "worker {worker} had read up to {last}, found {stored}"
        );
    }
}

fn survives(database_url: &str, rounds: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path();
    let server = Server::start(data, database_url);
    let agent = ureq::Agent::new_with_defaults();
    let params = json!({ "TITLE": "Storm", "USERS": [1, 2, 3, 4, 5] });
    let chat = call(&agent, &server.webhooks[0], "im.chat.add", &params).expect("a chat");
    let dialog = format!("chat{chat}");
    let acknowledged = Mutex::new(Acknowledged::default());
    let mut running = Some(server);
    for round in 0..rounds {
        let mut server = running
            .take()
            .unwrap_or_else(|| Server::start(data, database_url));
        check(&server, &dialog, &held(&acknowledged));
        let before = held(&acknowledged).messages.len();
        let webhooks = server.webhooks.clone();
        thread::scope(|scope| {
            for (worker, webhook) in webhooks.iter().take(WORKERS).enumerate() {
                let (dialog, acknowledged) = (&dialog, &acknowledged);
                scope.spawn(move || work(worker, round, webhook, dialog, acknowledged));
            }
            // Each round is killed at another moment, never before the load has begun.
            while held(&acknowledged).messages.len() < before + WORKERS {
                thread::sleep(Duration::from_millis(2));
            }
            thread::sleep(Duration::from_millis(37 * (round % 7)));
            server.kill();
        });
    }
    let mut server = Server::start(data, database_url);
    check(&server, &dialog, &held(&acknowledged));
    server.kill();
    assert!(held(&acknowledged).messages.len() as u64 >= rounds * WORKERS as u64);

    let verified = Command::new(PROGRAM)
        .args(["verify", "--data"])
        .arg(data)
        .env("READMARK_DATABASE_URL", database_url)
        .output()
        .expect("verify runs");
    let told = String::from_utf8_lossy(&verified.stdout);
    assert!(
        verified.status.success(),
        "verify: {told}{}",
        String::from_utf8_lossy(&verified.stderr)
    );
    assert!(
        told.lines()
            .any(|line| line.trim_start().starts_with("0 drift")),
        "verify: {told}"
    );
}

#[test]
fn r16_r17_nothing_acknowledged_is_lost_when_the_program_is_killed_on_sqlite() {
    survives("", 15);
}

#[test]
fn r16_r17_nothing_acknowledged_is_lost_when_the_program_is_killed_on_postgres() {
    let server = PostgresServer::start().expect("a PostgreSQL server");
    survives(&server.url(), 8);
}
