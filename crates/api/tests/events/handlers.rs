//! Where the events of a bot are sent (sources: recipients of events).

use std::collections::BTreeSet;

use readmark_app::delivery::log;
use readmark_model::Timestamp;
use readmark_store::StoreError;
use readmark_testkit::{
    TestPortal, for_each_store,
    rows::{delivery, event_handler},
};
use serde_json::json;

use crate::support::{assert_no_drift, call, deliveries, drain, names, register, say};

/// The handlers: ids and addresses.
fn handlers(portal: &TestPortal) -> Vec<(i64, String)> {
    let all: Result<Vec<_>, StoreError> = portal.portal.store.read(event_handler::list);
    let all = all.unwrap();
    let names: BTreeSet<&str> = all.iter().map(|handler| handler.event.as_str()).collect();
    assert_eq!(names.len(), all.len(), "one for each event");
    all.iter()
        .map(|handler| (handler.id, handler.url.clone()))
        .collect()
}

#[test]
fn a_bot_has_eight_handlers_exactly_while_its_events_are_sent() {
    for_each_store(|portal| {
        let address = |path: &str| json!({"eventMode": "webhook", "webhookUrl": format!("https://hooks.example/{path}")});
        let bot = register(portal, "courier", "courier", &address("one"));
        let first = handlers(portal);
        assert_eq!(first.len(), 8);
        let update = |fields| {
            call(
                portal,
                &bot,
                "imbot.v2.Bot.update",
                json!({"fields": fields}),
            );
            assert_no_drift(portal);
            handlers(portal)
        };
        assert_eq!(update(json!({"isHidden": true})), first, "stay as they are");
        let second = update(address("two"));
        assert!(
            second
                .iter()
                .all(|(id, url)| url.ends_with("/two") && !first.iter().any(|(old, _)| old == id))
        );
        assert_eq!(second.len(), 8);
        assert!(update(json!({"eventMode": "fetch"})).is_empty());
        assert_eq!(update(json!({"eventMode": "webhook"})).len(), 8);
        call(portal, &bot, "imbot.v2.Bot.unregister", json!({}));
        assert!(handlers(portal).is_empty());
        assert_no_drift(portal);
    });
}

#[test]
fn what_is_sent_is_not_recorded_and_the_other_way_round() {
    for_each_store(|portal| {
        let mode = json!({"eventMode": "webhook", "webhookUrl": "https://hooks.example/c"});
        let bot = register(portal, "courier", "courier", &mode);
        let dialog = bot.id.to_string();
        say(portal, "ben", &dialog, "one");
        assert!(drain(portal, &bot).is_empty());
        let sent = deliveries(portal);
        let events: Vec<&str> = sent.iter().map(|(event, ..)| event.as_str()).collect();
        assert_eq!(events, ["ONIMBOTV2JOINCHAT", "ONIMBOTV2MESSAGEADD"]);
        let (_, url, data, snapshot) = &sent[1];
        assert_eq!(url, "https://hooks.example/c");
        let keys: Vec<&String> = data.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["message", "chat", "user", "language"]);
        assert_eq!(data["chat"]["dialogId"], json!("2"));
        assert_eq!(snapshot["botId"], json!(bot.id));
        assert_eq!(snapshot["code"], json!("courier"));
        assert_eq!(snapshot["clientId"], json!(null));
        assert_eq!(snapshot["generation"], json!(2));
        assert_eq!(snapshot["applicationToken"].as_str().unwrap().len(), 32);
        let fetch = json!({"fields": {"eventMode": "fetch"}});
        call(portal, &bot, "imbot.v2.Bot.update", fetch);
        say(portal, "ben", &dialog, "two");
        assert_eq!(
            deliveries(portal),
            [],
            "what waited is dropped with the address"
        );
        assert_eq!(names(portal, &bot), ["MESSAGEADD"]);
    });
}

/// Gives up whatever waits; answers how much that is.
fn give_up_all(portal: &TestPortal) -> usize {
    let given_up: Result<_, StoreError> = portal.portal.store.write(|tx| {
        let waiting = log::list(tx, false, None, 10)?;
        for found in &waiting {
            delivery::give_up(tx, found.id, found.attempts)?;
        }
        Ok(waiting.len())
    });
    given_up.unwrap()
}

#[test]
fn what_was_given_up_is_sent_again_where_the_bot_has_its_events_sent_now_and_nowhere_else() {
    for_each_store(|portal| {
        let address = |path: &str| json!({"fields": {"eventMode": "webhook", "webhookUrl": format!("https://hooks.example/{path}")}});
        let wrong = address("wrong")["fields"].clone();
        let bot = register(portal, "courier", "courier", &wrong);
        say(portal, "ben", &bot.id.to_string(), "one");
        assert_eq!(give_up_all(portal), 2);
        let replay = || {
            let all: Result<_, StoreError> = portal.portal.store.write(|tx| {
                let dead = log::list(tx, true, None, 10)?;
                let last = dead.last().map(|found| found.id).unwrap_or_default();
                let one = delivery::is_replayable(tx, last)?;
                Ok((one, log::replay_all(tx, None, Timestamp(9))?))
            });
            all.unwrap()
        };
        let update = |fields| call(portal, &bot, "imbot.v2.Bot.update", fields);

        update(address("right"));
        update(json!({"fields": {"eventMode": "fetch"}}));
        assert_eq!(replay(), (false, 0), "it asks for its events itself");

        let back = register(portal, "pilot", "pilot", &wrong);
        say(portal, "ben", &back.id.to_string(), "two");
        assert_eq!(give_up_all(portal), 2);
        call(portal, &back, "imbot.v2.Bot.update", address("right"));
        assert_eq!(replay(), (true, 2));
        assert_no_drift(portal);
        let waiting: Result<_, StoreError> = portal
            .portal
            .store
            .read(|tx| log::list(tx, false, None, 10));
        let urls: Vec<String> = waiting
            .unwrap()
            .into_iter()
            .map(|found| found.url)
            .collect();
        assert_eq!(urls, ["https://hooks.example/right"; 2]);
    });
}

#[test]
fn a_bot_is_told_of_its_end_and_a_new_token_changes_what_handlers_know_it_by() {
    for_each_store(|portal| {
        let mode = json!({"eventMode": "webhook", "webhookUrl": "https://hooks.example/c"});
        let mut bot = register(portal, "courier", "old token", &mode);
        let dialog = bot.id.to_string();
        say(portal, "ben", &dialog, "one");
        let rotated = json!({"fields": {"botToken": "new token"}});
        call(portal, &bot, "imbot.v2.Bot.update", rotated);
        bot.token = "new token".to_owned();
        call(portal, &bot, "imbot.v2.Bot.unregister", json!({}));
        let sent = deliveries(portal);
        let (event, _, data, snapshot) = sent.last().unwrap();
        assert_eq!(event, "ONIMBOTV2DELETE");
        assert_eq!(data, &json!({}));
        assert_ne!(snapshot["applicationToken"], sent[0].3["applicationToken"]);
    });
}
