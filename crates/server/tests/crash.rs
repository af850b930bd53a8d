//! The program is killed under load, again and again: everything that it acknowledged is there afterwards, files with every byte
//! of theirs, and `verify` finds no drift (rules R16, R17).

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use readmark_testkit::postgres_server::PostgresServer;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_readmark");

/// People who send, read and upload at the same time.
const WORKERS: usize = 4;

/// Each one's first of so many messages comes with a file.
const UPLOAD_EVERY: u64 = 4;

/// Bytes of a file: enough for several writes.
const FILE_LENGTH: usize = 40_000;

/// The age from which on a content without a file is swept away, and more.
const OLD: Duration = Duration::from_secs(2 * 60 * 60);

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
    /// By file its message and who has which content in it.
    files: BTreeMap<i64, Upload>,
}

/// A file that was acknowledged.
#[derive(Clone)]
struct Upload {
    message: i64,
    worker: usize,
    content: Vec<u8>,
}

/// A content that no other upload has.
fn content_of(name: &str) -> Vec<u8> {
    name.bytes().cycle().take(FILE_LENGTH).collect()
}

/// Uploads a file; `None` where no answer came.
fn upload(
    agent: &ureq::Agent,
    worker: usize,
    webhook: &str,
    dialog: &str,
    name: &str,
) -> Option<(i64, Upload)> {
    let content = content_of(name);
    let fields = json!({ "name": format!("{name}.txt"), "content": BASE64.encode(&content) });
    let params = json!({ "dialogId": dialog, "fields": fields });
    let answer = call(agent, webhook, "im.v2.File.upload", &params)?;
    let number = |value: &Value| value.as_i64().expect("a number");
    let upload = Upload {
        message: number(&answer["messageId"]),
        worker,
        content,
    };
    Some((number(&answer["file"]["id"]), upload))
}

/// The content of a file, by a new link.
fn download(agent: &ureq::Agent, webhook: &str, dialog: &str, file: i64) -> Vec<u8> {
    let params = json!({ "dialogId": dialog, "fileId": file });
    let answer = call(agent, webhook, "im.v2.File.download", &params).expect("a link");
    let link = answer["downloadUrl"].as_str().expect("a link");
    let path = &link[link.find("/rest/").expect("a path")..];
    let (host, _) = webhook.split_once("/rest/").expect("a host");
    let mut response = agent
        .get(format!("{host}{path}"))
        .call()
        .unwrap_or_else(|error| panic!("file {file} was acknowledged: {error}"));
    response.body_mut().read_to_vec().expect("a content")
}

fn held(acknowledged: &Mutex<Acknowledged>) -> MutexGuard<'_, Acknowledged> {
    acknowledged.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends, reads and uploads until the program answers no more.
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
        if number % UPLOAD_EVERY == 0 {
            let Some((file, uploaded)) = upload(&agent, worker, webhook, dialog, &text) else {
                return;
            };
            held(acknowledged).files.insert(file, uploaded);
        }
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
    for (id, file) in &acknowledged.files {
        let message = file.message;
        assert!(
            found.contains_key(&message),
            "message {message} with file {id} was acknowledged"
        );
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

/// Every acknowledged file from a number on can be downloaded by who uploaded it, as it was.
fn check_files(server: &Server, dialog: &str, acknowledged: &Acknowledged, from: i64) {
    let agent = ureq::Agent::new_with_defaults();
    for (id, file) in acknowledged.files.range(from..) {
        let content = download(&agent, &server.webhooks[file.worker], dialog, *id);
        assert!(content == file.content, "file {id} has another content");
    }
}

/// The contents that are kept below a folder, by their names.
fn stored_contents(folder: &Path) -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if path.is_dir() {
            found.extend(stored_contents(&path));
        } else if name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            found.insert(name.into_owned(), path);
        }
    }
    found
}

/// Leaves a content that no file has, as a crash does, and lets all be as old as if the program had not run since.
fn leave_over(data: &Path) {
    let (_, any) = stored_contents(data).pop_first().expect("a content");
    let shards = any.parent().and_then(Path::parent).expect("a folder");
    let shard = shards.join("ff");
    fs::create_dir_all(&shard).expect("a folder");
    fs::write(shard.join("f".repeat(32)), b"lost").expect("a content");
    for path in stored_contents(data).values() {
        let file = fs::File::options().append(true).open(path);
        let file = file.expect("a content");
        let stored_at = file.metadata().and_then(|content| content.modified());
        let aged = stored_at.and_then(|at| file.set_modified(at - OLD));
        aged.expect("an old content");
    }
}

/// What `verify` prints, which finds no drift.
fn verify(data: &Path, database_url: &str) -> String {
    let verified = Command::new(PROGRAM)
        .args(["verify", "--data"])
        .arg(data)
        .env("READMARK_DATABASE_URL", database_url)
        .output()
        .expect("verify runs");
    let told = String::from_utf8_lossy(&verified.stdout).into_owned();
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
    told
}

/// How many contents of files `verify` read, as it printed.
fn contents_read(told: &str) -> usize {
    let mut lines = told.lines();
    let count = lines.find_map(|line| line.split_once("contents of files ")?.1.parse().ok());
    count.unwrap_or_else(|| panic!("verify: {told}"))
}

/// How many contents are to be swept away, as `verify` printed.
fn contents_left_over(told: &str) -> usize {
    let mut lines = told.lines();
    let count = lines.find_map(|line| line.split_once(" contents have no file")?.0.parse().ok());
    count.unwrap_or(0)
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
    // From here on files were not looked at yet.
    let mut new_files = 0;
    for round in 0..rounds {
        let mut server = running
            .take()
            .unwrap_or_else(|| Server::start(data, database_url));
        check(&server, &dialog, &held(&acknowledged));
        check_files(&server, &dialog, &held(&acknowledged), new_files);
        let before = held(&acknowledged).messages.len();
        new_files = held(&acknowledged)
            .files
            .last_key_value()
            .map_or(0, |(file, _)| file + 1);
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
    check_files(&server, &dialog, &held(&acknowledged), 0);
    server.kill();
    assert!(held(&acknowledged).messages.len() as u64 >= rounds * WORKERS as u64);

    // Whoever sent the messages of a round began with a file.
    let uploaded = held(&acknowledged).files.len();
    assert!(uploaded as u64 >= rounds);

    // Every file has its content. What an upload left that the program did not live to acknowledge is young.
    let told = verify(data, database_url);
    assert!(contents_read(&told) >= uploaded, "verify: {told}");
    assert_eq!(contents_left_over(&told), 0, "verify: {told}");
    // Nor is it drift when it is old: it is what will be swept away.
    leave_over(data);
    let told = verify(data, database_url);
    let stored = stored_contents(data).len();
    assert_eq!(
        contents_left_over(&told),
        stored - contents_read(&told),
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
