//! Events that wait: pages, acknowledgement, age.

use readmark_model::{Timestamp, UserId};
use readmark_store::StoreError;
use readmark_testkit::{TestPortal, for_each_store, rows::stream};
use serde_json::{Value, json};

use crate::support::{Bot, bot_of, call, names, say};

fn record(portal: &TestPortal, bot: &Bot, count: i64) {
    let user = UserId(bot.id);
    let done: Result<(), StoreError> = portal.portal.store.write(move |tx| {
        for number in 0..count {
            let data = format!("{{\"number\":{number}}}");
            stream::insert(tx, user, "ONIMBOTV2MESSAGEADD", &data, Timestamp(number))?;
        }
        Ok(())
    });
    done.unwrap();
}

fn numbers(page: &Value) -> Vec<i64> {
    let events = page["events"].as_array().unwrap();
    events
        .iter()
        .map(|event| event["data"]["number"].as_i64().unwrap())
        .collect()
}

#[test]
fn ten_thousand_waiting_events_come_in_order_and_each_once() {
    for_each_store(|portal| {
        let bot = bot_of(portal, "bot");
        record(portal, &bot, 10_000);
        let (mut all, mut offset) = (Vec::new(), json!(0));
        loop {
            let params = json!({"offset": offset, "limit": 1000});
            let page = call(portal, &bot, "imbot.v2.Event.get", params);
            all.extend(numbers(&page));
            offset = page["nextOffset"].clone();
            if page["hasMore"] == json!(false) {
                break;
            }
        }
        assert_eq!(all, (0..10_000).collect::<Vec<_>>());
        let rest = call(
            portal,
            &bot,
            "imbot.v2.Event.get",
            json!({"offset": offset}),
        );
        assert_eq!(
            (&rest["events"], &rest["nextOffset"]),
            (&json!([]), &offset)
        );
    });
}

#[test]
fn asking_without_an_offset_takes_nothing_from_another_poller() {
    for_each_store(|portal| {
        let bot = bot_of(portal, "bot");
        record(portal, &bot, 3);
        let get = |params| call(portal, &bot, "imbot.v2.Event.get", params);
        let one = get(json!({"limit": 2}));
        assert_eq!(numbers(&one), [0, 1]);
        assert_eq!(numbers(&get(json!({}))), [0, 1, 2], "again for the other");
        assert_eq!(numbers(&get(json!({"offset": one["nextOffset"]}))), [2]);
        assert_eq!(
            numbers(&get(json!({}))),
            [2],
            "what was acknowledged is gone for both"
        );
    });
}

#[test]
fn the_next_offset_is_never_beyond_what_comes() {
    for_each_store(|portal| {
        let bot = bot_of(portal, "bot");
        let empty = call(portal, &bot, "imbot.v2.Event.get", json!({}));
        say(portal, "ben", &bot.id.to_string(), "hello");
        let offset = empty["nextOffset"].clone();
        let page = call(
            portal,
            &bot,
            "imbot.v2.Event.get",
            json!({"offset": offset}),
        );
        assert_eq!(page["events"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn old_events_are_swept_and_a_bot_that_is_gone_leaves_none() {
    for_each_store(|portal| {
        let bot = bot_of(portal, "bot");
        record(portal, &bot, 10);
        let swept: Result<u64, StoreError> =
            (portal.portal.store).write(|tx| stream::delete_older(tx, Timestamp(7), 100));
        assert_eq!(swept.unwrap(), 7);
        assert_eq!(names(portal, &bot).len(), 3);
        record(portal, &bot, 2);
        call(portal, &bot, "imbot.v2.Bot.unregister", json!({}));
        let user = UserId(bot.id);
        let left: Result<_, StoreError> =
            (portal.portal.store).read(move |tx| stream::list_from(tx, user, 0, 10));
        assert_eq!(left.unwrap(), []);
    });
}
