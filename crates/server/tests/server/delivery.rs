//! Events on their way to handlers of bots: order, failures, restarts, what is refused, the command line.

use std::{
    path::Path,
    process::Output,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use readmark::{
    Running,
    clock::{Clock, SystemClock},
    config::{Config, DeliveryMode, Span},
};
use readmark_api::delivery::BotSnapshot;
use readmark_model::{Event, EventKind, Scopes, UserId};
use readmark_store::{
    StoreError,
    repo::{
        bot,
        delivery::{self, Attempt, Delivery, NewDelivery},
        event_handler,
    },
};
use readmark_testkit::postgres_server::PostgresServer;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};

use crate::{
    command_line::program,
    handler::{Handler, Reaction, Received},
    portal::{NEVER, TestServer, start_with},
};

/// The event that the tests send.
const EVENT: &str = "ONIMBOTV2MESSAGEADD";

/// Longer than anything takes that happens at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// Handlers on this machine, and pauses that nobody has to wait for.
fn quick(config: &mut Config) {
    config.delivery_private_addresses = true;
    config.delivery_retry_first = Span(Duration::from_millis(20));
    config.delivery_retry_longest = Span(Duration::from_millis(100));
    config.delivery_poll = Span(Duration::from_millis(200));
}

fn server() -> TestServer {
    start_with(quick)
}

/// Registers a bot to whose address events are sent.
fn register(server: &TestServer, code: &str, url: &str) -> i64 {
    let fields = fields(code, url);
    let registered = server.call(1, "imbot.v2.Bot.register", &json!({ "fields": fields }));
    registered.result()["bot"]["id"].as_i64().expect("a bot")
}

fn fields(code: &str, url: &str) -> Value {
    json!({
        "code": code,
        "botToken": format!("token of {code}"),
        "properties": { "name": "Pilot" },
        "eventMode": "webhook",
        "webhookUrl": url,
    })
}

/// Has events sent to a bot, as changes in chats do: one commit, then the news of it.
fn put(running: &Running, bot: i64, event: &'static str, texts: &[&str]) {
    let texts: Vec<_> = texts.iter().map(|text| (*text).to_owned()).collect();
    let portal = &running.portals().next().expect("a portal").portal;
    let bot = UserId(bot);
    let write = move |tx: &mut dyn readmark_store::Tx| {
        let row = bot::find(tx, bot)?.expect("a bot");
        let handler = event_handler::find(tx, bot, event, 0)?.expect("a handler");
        let snapshot = BotSnapshot {
            bot_id: bot.get(),
            code: row.code,
            client_id: row.owner.strip_prefix("app:").map(str::to_owned),
            application_token: row.application_token,
            generation: 2,
        };
        for text in &texts {
            let new = NewDelivery {
                handler: &handler,
                data: &json!({ "message": { "text": text } }).to_string(),
                bot: &snapshot.to_json(),
                acting_user: Some(UserId(2)),
            };
            delivery::insert(tx, &new, SystemClock.now())?;
        }
        Ok::<(), StoreError>(())
    };
    portal.store.write(write).expect("events");
    portal
        .bus
        .publish(&[Event::of_user(EventKind::DeliveryWaiting, bot)]);
}

fn texts(received: &[Received]) -> Vec<&str> {
    received.iter().map(Received::text).collect()
}

/// Looks again and again until there is what is looked for.
fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "it does not happen");
        thread::sleep(Duration::from_millis(10));
    }
}

fn attempts(running: &Running) -> Vec<Attempt> {
    let store = &running.portals().next().expect("a portal").portal.store;
    let read = |tx: &mut dyn readmark_store::Tx| delivery::list_latest_attempts(tx, None, 1_000);
    store.read(read).expect("attempts")
}

fn waiting(running: &Running, given_up: bool) -> Vec<Delivery> {
    let store = &running.portals().next().expect("a portal").portal.store;
    let read = move |tx: &mut dyn readmark_store::Tx| delivery::list(tx, given_up, None, 1_000);
    store.read(read).expect("events")
}

#[test]
fn events_arrive_in_order_as_forms() {
    let (server, handler) = (server(), Handler::start());
    let bot = register(&server, "in_order", &handler.url());
    let numbers: Vec<_> = (1..=60).map(|number| number.to_string()).collect();
    let numbers: Vec<_> = numbers.iter().map(String::as_str).collect();
    put(&server.running, bot, EVENT, &numbers);
    let received = handler.wait_for(60);
    assert_eq!(texts(&received), numbers);
    let first = &received[0];
    let head = first.head.to_ascii_lowercase();
    assert!(
        head.starts_with("post /events?key=1 http/1.1\r\n"),
        "{head}"
    );
    assert!(
        head.contains("content-type: application/x-www-form-urlencoded\r\n"),
        "{head}"
    );
    let form = &first.form;
    assert_eq!(form["event"], EVENT);
    assert_eq!(form["data"]["bot"]["id"], bot.to_string());
    assert_eq!(form["auth"]["user_id"], "2");
    assert_eq!(
        form["auth"]["domain"],
        form["data"]["bot"]["auth"]["domain"]
    );
    assert_eq!(
        form["auth"]["application_token"].as_str().unwrap().len(),
        32
    );
    assert_eq!(form["auth"]["member_id"].as_str().unwrap().len(), 32);
    assert!(form["auth"].get("access_token").is_none(), "{form}");
    until(|| waiting(&server.running, false).is_empty().then_some(()));
    let tried = attempts(&server.running);
    assert_eq!(tried.len(), 60);
    assert!(tried.iter().all(|attempt| {
        (attempt.status, attempt.attempt, attempt.error.as_str()) == (200, 1, "")
    }));
}

#[test]
fn an_application_gets_tokens_that_are_good() {
    let (server, handler) = (server(), Handler::start());
    let scopes = Scopes::parse("imbot,user_basic").unwrap();
    server.token("granted", 1, scopes, NEVER);
    let params =
        json!({ "fields": fields("of_an_application", &handler.url()), "auth": "granted" });
    let registered = server.post("/rest/imbot.v2.Bot.register", &params).result();
    let bot = registered["bot"]["id"].as_i64().unwrap();
    put(&server.running, bot, EVENT, &["hello"]);
    let form = &handler.wait_for(1)[0].form;
    for (auth, user) in [(&form["auth"], 2), (&form["data"]["bot"]["auth"], bot)] {
        assert_eq!(auth["user_id"], user.to_string());
        assert_eq!(auth["scope"], "imbot,user_basic");
        assert_eq!(auth["expires_in"], "3600");
        let token = auth["access_token"].as_str().unwrap();
        let profile = server.post("/rest/user.current", &json!({ "auth": token }));
        assert_eq!(profile.result()["ID"], user.to_string());
        let refused = server.post("/rest/im.counters.get", &json!({ "auth": token }));
        assert_eq!(refused.error().1, "insufficient_scope");
    }
    let answer = json!({
        "auth": form["data"]["bot"]["auth"]["access_token"],
        "botId": bot,
        "dialogId": "2",
        "fields": { "message": "hello yourself" },
    });
    let sent = server
        .post("/rest/imbot.v2.Chat.Message.send", &answer)
        .result();
    assert!(sent["id"].as_i64().is_some(), "{sent}");
}

#[test]
fn a_handler_that_is_down_over_a_restart_gets_everything_in_order() {
    let (server, handler) = (server(), Handler::start());
    let bot = register(&server, "down", &handler.url());
    handler.reacts(Reaction::Close);
    put(&server.running, bot, EVENT, &["1", "2"]);
    handler.wait_for(3);
    server.running.stop();
    let again = Running::start(&server.config, None).unwrap();
    put(&again, bot, EVENT, &["3", "4"]);
    let before = handler.received().len();
    handler.wait_for(before + 2);
    handler.reacts(Reaction::Status(503));
    let before = handler.received().len();
    let received = handler.wait_for(before + 2);
    assert!(
        texts(&received).iter().all(|text| *text == "1"),
        "{received:#?}"
    );
    handler.reacts(Reaction::Status(204));
    let received = handler.wait_until(|received| received.iter().any(|one| one.text() == "4"));
    let mut order = texts(&received);
    order.dedup();
    assert_eq!(order, ["1", "2", "3", "4"]);
    // Repetitions have the number of what they repeat.
    let first = received.iter().filter(|one| one.text() == "1");
    assert!(
        first
            .into_iter()
            .all(|one| one.event_id() == received[0].event_id())
    );
    until(|| waiting(&again, false).is_empty().then_some(()));
    again.stop();
}

#[test]
fn an_attempt_that_is_cut_off_by_the_end_of_the_server_is_made_again() {
    let (server, handler) = (server(), Handler::start());
    let bot = register(&server, "cut_off", &handler.url());
    handler.reacts(Reaction::Hang);
    put(&server.running, bot, EVENT, &["1", "2"]);
    handler.wait_for(1);
    server.running.stop();
    handler.reacts(Reaction::Status(200));
    let again = Running::start(&server.config, None).unwrap();
    let received = handler.wait_for(3);
    assert_eq!(texts(&received), ["1", "1", "2"]);
    assert_eq!(received[0].event_id(), received[1].event_id());
    again.stop();
}

#[test]
fn a_handler_that_never_answers_delays_no_other() {
    let (server, handler) = (server(), Handler::start());
    let stuck: Vec<_> = (0..6).map(|_| Handler::start()).collect();
    for (number, one) in stuck.iter().enumerate() {
        one.reacts(Reaction::Hang);
        let bot = register(&server, &format!("stuck_{number}"), &one.url());
        put(&server.running, bot, EVENT, &["1", "2"]);
        one.wait_for(1);
    }
    let bot = register(&server, "free", &handler.url());
    let numbers = ["1", "2", "3", "4", "5"];
    put(&server.running, bot, EVENT, &numbers);
    assert_eq!(texts(&handler.wait_for(5)), numbers);
    assert!(stuck.iter().all(|one| one.received().len() == 1));
}

#[test]
fn a_handler_that_takes_too_long_is_tried_again() {
    let server = start_with(|config| {
        quick(config);
        config.delivery_timeout = Span(Duration::from_millis(300));
    });
    let handler = Handler::start();
    let bot = register(&server, "slow", &handler.url());
    handler.reacts(Reaction::Hang);
    put(&server.running, bot, EVENT, &["1"]);
    handler.wait_for(2);
    let tried = until(|| attempts(&server.running).pop());
    assert_eq!((tried.status, tried.attempt), (0, 1));
    assert!(
        tried.error.starts_with("no answer within"),
        "{}",
        tried.error
    );
    // The body of an answer counts for nothing.
    handler.reacts(Reaction::Endless);
    until(|| waiting(&server.running, false).is_empty().then_some(()));
    assert_eq!(attempts(&server.running)[0].status, 200);
}

#[test]
fn redirects_are_not_followed() {
    let (server, handler, other) = (server(), Handler::start(), Handler::start());
    let bot = register(&server, "redirected", &handler.url());
    handler.reacts(Reaction::Redirect(other.url()));
    put(&server.running, bot, EVENT, &["1"]);
    handler.wait_for(2);
    let tried = until(|| attempts(&server.running).pop());
    assert_eq!(
        (tried.status, tried.error.as_str()),
        (302, "redirects are not followed")
    );
    handler.reacts(Reaction::Status(200));
    until(|| waiting(&server.running, false).is_empty().then_some(()));
    assert!(other.received().is_empty());
}

#[test]
fn private_addresses_are_refused_by_number_and_by_name() {
    let server = start_with(|config| {
        quick(config);
        config.delivery_private_addresses = false;
    });
    let handler = Handler::start();
    let urls = ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.0.0.1"]
        .map(|host| handler.url_of(host));
    for (number, url) in urls.iter().enumerate() {
        let bot = register(&server, &format!("private_{number}"), url);
        put(&server.running, bot, EVENT, &["1"]);
    }
    for url in &urls {
        let tried = until(|| {
            attempts(&server.running)
                .into_iter()
                .find(|tried| tried.url == *url)
        });
        assert_eq!(tried.status, 0);
        assert!(
            tried.error.contains("is a private address"),
            "{url}: {}",
            tried.error
        );
    }
    assert!(handler.received().is_empty());
}

#[test]
fn an_address_with_a_password_is_refused() {
    let (server, handler) = (server(), Handler::start());
    let bot = register(
        &server,
        "password",
        &handler.url().replace("127", "ada:secret@127"),
    );
    put(&server.running, bot, EVENT, &["1"]);
    let tried = until(|| attempts(&server.running).pop());
    assert!(
        tried.error.contains("a user or a password"),
        "{}",
        tried.error
    );
    assert!(handler.received().is_empty());
}

#[test]
fn with_one_attempt_the_lane_goes_on_after_a_failure() {
    let server = start_with(|config| {
        quick(config);
        config.delivery_mode = DeliveryMode::Once;
    });
    let handler = Handler::start();
    let bot = register(&server, "once", &handler.url());
    handler.reacts(Reaction::Status(500));
    put(&server.running, bot, EVENT, &["1", "2"]);
    until(|| (waiting(&server.running, true).len() == 2).then_some(()));
    handler.reacts(Reaction::Status(200));
    put(&server.running, bot, EVENT, &["3"]);
    assert_eq!(texts(&handler.wait_for(3)), ["1", "2", "3"]);
    assert_eq!(
        attempts(&server.running)
            .iter()
            .filter(|tried| tried.status == 500)
            .count(),
        2
    );
}

/// Runs the program for the portal of a server.
fn run(data: &Path, arguments: &[&str]) -> Output {
    program(data)
        .arg("delivery")
        .args(arguments)
        .output()
        .expect("the program")
}

fn printed(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn what_was_given_up_is_listed_explained_and_sent_again() {
    let server = start_with(|config| {
        quick(config);
        config.delivery_give_up = Span::seconds(0);
    });
    let (handler, data) = (Handler::start(), &server.config.data);
    let bot = register(&server, "given_up", &handler.url());
    let other = register(&server, "other", &handler.url());
    handler.reacts(Reaction::Status(410));
    put(&server.running, bot, EVENT, &["1", "2"]);
    put(&server.running, other, EVENT, &["3"]);
    let dead = until(|| Some(waiting(&server.running, true)).filter(|dead| dead.len() == 3));

    assert_eq!(printed(&run(data, &["list"])).lines().count(), 1);
    let listed = printed(&run(data, &["list", "--dead"]));
    assert_eq!(listed.lines().count(), 4, "{listed}");
    assert!(
        listed.contains("given up") && listed.contains(&handler.url()),
        "{listed}"
    );
    let listed = printed(&run(data, &["list", "--dead", "--bot", &other.to_string()]));
    assert_eq!(listed.lines().count(), 2, "{listed}");
    let first = dead[0].id.to_string();
    let log = printed(&run(data, &["log", &first]));
    assert!(
        log.contains("410 Gone") && log.lines().count() == 2,
        "{log}"
    );
    let log = printed(&run(data, &["log", "--bot", &bot.to_string()]));
    assert_eq!(log.lines().count(), 3, "{log}");
    for refused in [["log", "123456"], ["replay", "123456"]] {
        let output = run(data, &refused);
        assert_eq!(output.status.code(), Some(1), "{refused:?}");
    }

    handler.reacts(Reaction::Status(200));
    assert_eq!(
        printed(&run(data, &["replay", &first])).trim(),
        "1 events will be sent again"
    );
    let received = handler.wait_for(4);
    assert_eq!(received[3].event_id(), first);
    let all = printed(&run(
        data,
        &["replay", "--all", "--bot", &other.to_string()],
    ));
    assert_eq!(all.trim(), "1 events will be sent again");
    assert_eq!(handler.wait_for(5)[4].text(), "3");
    assert_eq!(
        printed(&run(data, &["replay", "--all"])).trim(),
        "1 events will be sent again"
    );
    assert_eq!(handler.wait_for(6)[5].text(), "2");
    until(|| waiting(&server.running, true).is_empty().then_some(()));
}

#[test]
fn a_bot_that_is_taken_away_gets_nothing_but_the_news_of_it() {
    let (server, handler) = (server(), Handler::start());
    let bot = register(&server, "taken_away", &handler.url());
    handler.reacts(Reaction::Status(503));
    put(&server.running, bot, EVENT, &["1", "2"]);
    put(&server.running, bot, "ONIMBOTV2DELETE", &[""]);
    handler.wait_for(1);
    let token = "token of taken_away";
    let gone = server.call(
        1,
        "imbot.v2.Bot.unregister",
        &json!({ "botId": bot, "botToken": token }),
    );
    assert_eq!(gone.result()["result"], true);
    let before = handler.received().len();
    handler.reacts(Reaction::Status(200));
    let received = handler.wait_until(|received| {
        received
            .last()
            .is_some_and(|last| last.form["event"] == "ONIMBOTV2DELETE")
    });
    // One attempt may have been on its way.
    assert!(
        received[before..].iter().all(|one| one.text() != "2"),
        "{received:#?}"
    );
    until(|| waiting(&server.running, false).is_empty().then_some(()));
}

#[test]
fn what_waits_goes_to_the_new_address_of_a_bot() {
    let (server, old, new) = (server(), Handler::start(), Handler::start());
    let bot = register(&server, "moved", &old.url());
    old.reacts(Reaction::Status(503));
    put(&server.running, bot, EVENT, &["1", "2"]);
    old.wait_for(1);
    let token = "token of moved";
    let change = |fields: Value| {
        let params = json!({ "botId": bot, "botToken": token, "fields": fields });
        server.call(1, "imbot.v2.Bot.update", &params).result()
    };
    change(json!({ "webhookUrl": new.url() }));
    put(&server.running, bot, EVENT, &["3"]);
    let received = new.wait_for(3);
    assert_eq!(texts(&received), ["1", "2", "3"]);
    let ids: Vec<_> = received
        .iter()
        .map(|one| &one.form["event_handler_id"])
        .collect();
    assert!(ids[0] == ids[2] && ids[1] == ids[2], "{ids:?}");
    // A bot that asks for its events is sent nothing any more.
    new.reacts(Reaction::Status(503));
    put(&server.running, bot, EVENT, &["4", "5"]);
    new.wait_for(4);
    change(json!({ "eventMode": "fetch" }));
    until(|| waiting(&server.running, false).is_empty().then_some(()));
    assert!(new.received().iter().all(|one| one.text() != "5"));
}

#[test]
fn two_servers_of_one_portal_never_send_an_event_at_the_same_time() {
    let postgres = PostgresServer::start().expect("PostgreSQL");
    let server = start_with(|config| {
        quick(config);
        config.database_url = postgres.url();
        config.database_connections = 4;
    });
    let data = tempfile::tempdir().unwrap();
    let mut second = server.config.clone();
    second.data = data.path().join("data");
    let second = Running::start(&second, None).unwrap();
    let handlers: Vec<_> = (0..4).map(|_| Handler::start()).collect();
    let bots: Vec<_> = handlers
        .iter()
        .enumerate()
        .map(|(number, handler)| register(&server, &format!("shared_{number}"), &handler.url()))
        .collect();
    let numbers: Vec<_> = (0..40).map(|number| number.to_string()).collect();
    for pair in numbers.chunks(2) {
        for bot in &bots {
            put(&server.running, *bot, EVENT, &[&pair[0]]);
            put(&second, *bot, EVENT, &[&pair[1]]);
        }
    }
    for handler in &handlers {
        let received = handler.wait_for(numbers.len());
        assert_eq!(texts(&received), numbers);
        assert!(handler.doubled().is_empty());
    }
    // What one server leaves behind the other finds.
    server.running.stop();
    put(&second, bots[0], EVENT, &["last"]);
    handlers[0].wait_until(|received| received.last().is_some_and(|last| last.text() == "last"));
    second.stop();
}

#[test]
fn handlers_over_tls_need_a_certificate_that_is_trusted() {
    let dir = tempfile::tempdir().unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap();
    let file = dir.path().join("handlers.pem");
    std::fs::write(&file, certificate.pem()).unwrap();
    let tls = || {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Handler::start_over(Some(Arc::new(config)))
    };
    let handler = tls();
    let url = handler.url_of("localhost");
    let server = server();
    let bot = register(&server, "not_trusted", &url);
    put(&server.running, bot, EVENT, &["1"]);
    let tried = until(|| attempts(&server.running).pop());
    assert!(tried.error.contains("certificate"), "{}", tried.error);
    assert!(handler.received().is_empty());
    server.running.stop();

    let mut config = server.config.clone();
    config.delivery_ca = Some(file);
    let trusting = Running::start(&config, None).unwrap();
    assert_eq!(texts(&handler.wait_for(1)), ["1"]);
    trusting.stop();

    config.delivery_ca = Some(dir.path().join("missing.pem"));
    let error = Running::start(&config, None).err().unwrap();
    assert!(format!("{error:#}").contains("missing.pem"), "{error:#}");
}
