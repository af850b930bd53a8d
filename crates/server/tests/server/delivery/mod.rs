//! Events on their way to handlers of bots: order, failures, restarts, what is refused, the command line.

mod addresses;
mod chats;
mod failing;
mod sending;

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
use readmark_api::events::delivery::BotSnapshot;
use readmark_app::{
    bot::details::{self, BotName},
    delivery::log,
    events::keep::{self, NewDelivery},
};
use readmark_model::{
    Scopes, UserId,
    delivery::{Attempt, Delivery},
};
use readmark_store::StoreError;
use readmark_testkit::{postgres_server::PostgresServer, rows::event_handler};
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

/// Has events sent to a bot, as changes in chats do: one commit, then a wake-up.
fn put(running: &Running, bot: i64, event: &'static str, texts: &[&str]) {
    let texts: Vec<_> = texts.iter().map(|text| (*text).to_owned()).collect();
    let portal = &running.portals().next().expect("a portal").portal;
    let bot = UserId(bot);
    let write = move |tx: &mut dyn readmark_store::Tx| {
        let row = details::find(tx, BotName::Id(bot))?.expect("a bot");
        let handler = event_handler::find(tx, bot, event, 0)?.expect("a handler");
        let snapshot = BotSnapshot {
            bot_id: bot.get(),
            code: row.code,
            client_id: row.owner.application().map(str::to_owned),
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
            keep::deliver(tx, &new, None, SystemClock.now())?;
        }
        Ok::<(), StoreError>(())
    };
    portal.store.write(write).expect("events");
    portal.deliveries.wake();
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
    let read = |tx: &mut dyn readmark_store::Tx| log::latest_attempts(tx, None, 1_000);
    store.read(read).expect("attempts")
}

fn waiting(running: &Running, given_up: bool) -> Vec<Delivery> {
    let store = &running.portals().next().expect("a portal").portal.store;
    let read = move |tx: &mut dyn readmark_store::Tx| log::list(tx, given_up, None, 1_000);
    store.read(read).expect("events")
}
