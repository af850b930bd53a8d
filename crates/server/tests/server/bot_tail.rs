//! `readmark bot tail`: the events of a bot as they come.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use readmark_testkit::postgres_server::PostgresServer;
use serde_json::{Value, json};

use crate::{
    command_line::{Served, failure, program},
    handler::{Handler, Reaction},
};

/// Longer than anything takes that happens at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// The bot's secret.
const TOKEN: &str = "tail-token";

/// The program while it prints events.
struct Tail {
    process: Child,
    lines: Receiver<String>,
}

impl Tail {
    fn start(program: &mut Command, args: &[&str]) -> Self {
        let mut process = program
            .args(["bot", "tail"])
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (send, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                drop(send.send(line));
            }
        });
        Self { process, lines }
    }

    /// The next event.
    fn next(&self) -> Value {
        let line = self.lines.recv_timeout(PATIENCE).expect("an event");
        serde_json::from_str(&line).unwrap()
    }

    /// Waits for the event that tells of a message, leaving out others.
    fn message(&self, text: &str) -> Value {
        loop {
            let event = self.next();
            if event["data"]["message"]["text"] == text {
                return event;
            }
        }
    }
}

impl Tail {
    /// Waits for an attempt to send the event that tells of a message.
    fn answered(&self, text: &str) -> Value {
        loop {
            let event = self.message(text);
            if !event["answer"].is_null() {
                return event;
            }
        }
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn register(served: &Served, code: &str, events: &Value) -> i64 {
    let mut fields = json!({
        "code": code,
        "botToken": TOKEN,
        "properties": { "name": "Lookout" },
    });
    for (name, value) in events.as_object().unwrap() {
        fields[name] = value.clone();
    }
    let registered = served.call(1, "imbot.v2.Bot.register", &json!({ "fields": fields }));
    registered.result()["bot"]["id"].as_i64().unwrap()
}

fn write(served: &Served, bot: i64, text: &str) {
    let message = json!({ "DIALOG_ID": bot, "MESSAGE": text });
    served.call(2, "im.message.add", &message).result();
}

#[test]
fn events_are_printed_as_they_come_and_stay_for_the_bot() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    are_printed_and_stay(|| program(&data));
}

#[test]
fn events_in_postgresql_are_printed_as_they_come_and_stay_for_the_bot() {
    let postgres = PostgresServer::start().expect("PostgreSQL");
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    are_printed_and_stay(|| {
        let mut program = program(&data);
        program.env("READMARK_DATABASE_URL", postgres.url());
        program
    });
}

fn are_printed_and_stay(program: impl Fn() -> Command) {
    let served = Served::start(&mut program());
    let bot = register(&served, "lookout", &json!({}));
    write(&served, bot, "before");

    let tail = Tail::start(&mut program(), &["lookout"]);
    let joined = tail.next();
    assert_eq!(joined["type"], "ONIMBOTV2JOINCHAT");
    let first = tail.next();
    assert_eq!(first["type"], "ONIMBOTV2MESSAGEADD");
    assert_eq!(first["mode"], "fetch");
    assert_eq!(first["data"]["message"]["text"], "before");
    assert!(joined["id"].as_i64() < first["id"].as_i64());

    write(&served, bot, "while it looks");
    let second = tail.next();
    assert_eq!(second["data"]["message"]["text"], "while it looks");

    // The same ids and dates as the bot's own, which misses nothing.
    let asked = json!({ "botId": bot, "botToken": TOKEN });
    let own = served.call(1, "imbot.v2.Event.get", &asked).result();
    let own: Vec<_> = own["events"].as_array().unwrap().iter().collect();
    assert_eq!(own.len(), 3);
    for (own, seen) in own.into_iter().zip([&joined, &first, &second]) {
        assert_eq!(own["eventId"], seen["id"]);
        assert_eq!(own["type"], seen["type"]);
        assert_eq!(own["date"], seen["date"]);
        assert_eq!(own["data"]["message"], seen["data"]["message"]);
    }

    // From an id on, by the bot's number.
    let later = Tail::start(
        &mut program(),
        &[&bot.to_string(), "--from", &second["id"].to_string()],
    );
    assert_eq!(later.next(), second);
    served.stop();
}

#[test]
fn events_that_wait_for_a_handler_are_printed_without_its_secrets() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let served = Served::start(&mut program(&data));
    let handler = Handler::start();
    handler.reacts(Reaction::Status(500));
    let events = json!({ "eventMode": "webhook", "webhookUrl": handler.url() });
    let bot = register(&served, "lookout", &events);
    write(&served, bot, "not taken");

    let tail = Tail::start(&mut program(&data), &["lookout"]);
    let seen = tail.message("not taken");
    assert_eq!(seen["mode"], "webhook");
    assert_eq!(seen["type"], "ONIMBOTV2MESSAGEADD");
    let members: Vec<_> = seen.as_object().unwrap().keys().collect();
    assert_eq!(members, ["id", "mode", "type", "date", "data", "answer"]);
    assert_eq!(seen["data"].get("auth"), None);

    write(&served, bot, "not taken either");
    let next = tail.message("not taken either");
    assert!(seen["id"].as_i64() < next["id"].as_i64());
    assert_eq!(next["answer"], Value::Null, "its turn has not come");
    served.stop();
}

#[test]
fn what_a_handler_is_sent_is_printed_with_its_answer() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    is_printed_with_its_answer(|| program(&data));
}

#[test]
fn what_a_handler_is_sent_from_postgresql_is_printed_with_its_answer() {
    let postgres = PostgresServer::start().expect("PostgreSQL");
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    is_printed_with_its_answer(|| {
        let mut program = program(&data);
        program.env("READMARK_DATABASE_URL", postgres.url());
        program
    });
}

fn is_printed_with_its_answer(program: impl Fn() -> Command) {
    let served = Served::start(program().args(["--set", "delivery_retry_first=1s"]));
    let handler = Handler::start();
    let events = json!({ "eventMode": "webhook", "webhookUrl": handler.url() });
    let bot = register(&served, "lookout", &events);
    write(&served, bot, "before");
    handler.wait_until(|received| received.iter().any(|one| one.text() == "before"));

    // What was taken before it looks, and while it does.
    let tail = Tail::start(&mut program(), &["lookout"]);
    let before = tail.answered("before");
    assert_eq!(
        (&before["mode"], &before["answer"]["status"]),
        (&json!("webhook"), &json!(200))
    );
    write(&served, bot, "while it looks");
    let taken = tail.answered("while it looks");
    let received = handler.received();
    let form = received.last().unwrap();
    assert_eq!(taken["id"].to_string(), form.event_id());
    assert_eq!(taken["type"], form.form["event"]);
    assert_eq!(
        taken["data"]["message"]["id"].to_string(),
        form.form["data"]["message"]["id"].as_str().unwrap()
    );
    let members: Vec<_> = taken["answer"].as_object().unwrap().keys().collect();
    assert_eq!(members, ["attempt", "status", "took", "error"]);
    assert_eq!(
        (&taken["answer"]["attempt"], &taken["answer"]["error"]),
        (&json!(1), &json!(""))
    );

    // Each attempt, whatever it is answered.
    handler.reacts(Reaction::Status(503));
    write(&served, bot, "refused at first");
    let refused = tail.answered("refused at first");
    assert_eq!(
        (&refused["answer"]["attempt"], &refused["answer"]["status"]),
        (&json!(1), &json!(503))
    );
    assert_eq!(refused["answer"]["error"], "Service Unavailable");
    handler.reacts(Reaction::Close);
    let none = tail.answered("refused at first");
    assert_eq!(
        (&none["id"], &none["answer"]["status"]),
        (&refused["id"], &Value::Null)
    );
    handler.reacts(Reaction::Status(200));
    let taken = loop {
        let taken = tail.answered("refused at first");
        if taken["answer"]["status"] == 200 {
            break taken;
        }
    };
    assert_eq!(taken["id"], refused["id"]);

    let later = Tail::start(
        &mut program(),
        &["lookout", "--from", &taken["id"].to_string()],
    );
    assert_eq!(later.next()["data"]["message"]["text"], "refused at first");
    served.stop();
}

#[test]
fn a_bot_that_is_not_there_is_named_and_one_that_goes_ends_it() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let served = Served::start(&mut program(&data));
    let missing = program(&data).args(["bot", "tail", "nobody"]).output();
    assert_eq!(
        failure(&missing.unwrap()),
        (1, "error: there is no bot \"nobody\"".to_owned())
    );

    let bot = register(&served, "lookout", &json!({}));
    write(&served, bot, "hello");
    let mut tail = Tail::start(&mut program(&data), &["lookout"]);
    tail.message("hello");
    let gone = json!({ "botId": bot, "botToken": TOKEN });
    served.call(1, "imbot.v2.Bot.unregister", &gone).result();
    let start = Instant::now();
    let status = loop {
        if let Some(status) = tail.process.try_wait().unwrap() {
            break status;
        }
        assert!(start.elapsed() < PATIENCE, "it does not end");
        thread::sleep(Duration::from_millis(10));
    };
    assert_eq!(status.code(), Some(1));
    served.stop();
}
