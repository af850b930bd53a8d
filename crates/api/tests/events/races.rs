//! Pollers, writers and subscribers at the same time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use readmark_api::events;
use readmark_app::{
    Interrupt, Refused,
    chat::members,
    message::send::{self, Draft},
    stream,
};
use readmark_model::{ChatId, MessageKind, MessageParams, UserId};
use readmark_store::{StoreError, TxExt, params};
use readmark_testkit::{StoreKind, TestPortal, for_each_store, rows::chat};
use serde_json::{Value, json};

use crate::support::{assert_no_drift, bot_of, call, drain, group, say};

fn wait_until(condition: impl Fn() -> bool) {
    while !condition() {
        thread::sleep(Duration::from_millis(2));
    }
}

/// Whether somebody waits for a lock of PostgreSQL.
fn somebody_waits(portal: &TestPortal) -> bool {
    let waiting: Result<i64, StoreError> = portal.portal.store.read(|tx| {
        tx.get(
            "SELECT count(*) FROM pg_locks WHERE NOT granted",
            params![],
            |row| row.int(0),
        )
    });
    waiting.unwrap() > 0
}

fn texts(page: &Value) -> Vec<String> {
    let events = page["events"].as_array().unwrap();
    let text = |event: &Value| {
        event["data"]["message"]["text"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    events.iter().map(text).collect()
}

/// An event gets its id, another one the next and is committed, and only then the first: a poller that looked in between
/// would go on behind it.
#[test]
fn no_event_appears_behind_a_poller() {
    let portal = &TestPortal::new(StoreKind::Postgres);
    let bot = bot_of(portal, "supervisor");
    let (slow, quick) = (group(portal, &[2, bot.id]), group(portal, &[2, bot.id]));
    drain(portal, &bot);
    let (drawn, released) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let polled = AtomicBool::new(false);
    thread::scope(|scope| {
        let (inside, drawn_inside, released_inside) = (
            Arc::clone(&portal.portal),
            Arc::clone(&drawn),
            Arc::clone(&released),
        );
        scope.spawn(move || {
            let sent: Result<(), Refused<send::SendRefusal>> = portal.run(UserId(2), move |cx| {
                let draft = Draft {
                    kind: MessageKind::Post,
                    text: "slow",
                    params: MessageParams::empty(),
                    reply: None,
                    uuid: None,
                };
                send::send(cx, ChatId(slow), &draft)?;
                events::keep(cx.tx, &cx.events, cx.now, &inside.context)?;
                drawn_inside.store(true, Ordering::SeqCst);
                wait_until(|| released_inside.load(Ordering::SeqCst));
                Ok(())
            });
            sent.unwrap();
        });
        wait_until(|| drawn.load(Ordering::SeqCst));
        say(portal, "ben", &format!("chat{quick}"), "quick");
        let poller = scope.spawn(|| {
            let page = call(portal, &bot, "imbot.v2.Event.get", json!({}));
            polled.store(true, Ordering::SeqCst);
            page
        });
        wait_until(|| polled.load(Ordering::SeqCst) || somebody_waits(portal));
        released.store(true, Ordering::SeqCst);
        let first = poller.join().unwrap();
        let params = json!({"offset": first["nextOffset"]});
        // The slow one is committed when its chat can be had again.
        say(portal, "ben", &format!("chat{slow}"), "last");
        let second = call(portal, &bot, "imbot.v2.Event.get", params);
        let all: Vec<String> = texts(&first).into_iter().chain(texts(&second)).collect();
        assert_eq!(all, ["slow", "quick", "last"]);
    });
}

#[test]
fn whoever_joins_while_somebody_subscribes_listens() {
    for_each_store(|portal| {
        let chat = ChatId(group(portal, &[3]));
        thread::scope(|scope| {
            scope.spawn(move || {
                for _ in 0..40 {
                    let done: Result<(), Interrupt> =
                        portal.run(UserId(2), |cx| Ok(stream::subscribe(cx)?));
                    done.unwrap();
                    let done: Result<(), Interrupt> =
                        portal.run(UserId(2), |cx| Ok(stream::unsubscribe(cx)?));
                    done.unwrap();
                }
                let done: Result<(), Interrupt> =
                    portal.run(UserId(2), |cx| Ok(stream::subscribe(cx)?));
                done.unwrap();
            });
            scope.spawn(move || {
                for _ in 0..41 {
                    let done: Result<(), Interrupt> = portal.run(UserId(1), move |cx| {
                        let Some(found) = chat::lock_exclusive(cx.tx, chat)? else {
                            return Ok(());
                        };
                        if !members::remove(cx, &found, UserId(2))? {
                            members::add(cx, &found, &[UserId(2)], true)?;
                        }
                        Ok(())
                    });
                    done.unwrap();
                }
            });
        });
        assert_no_drift(portal);
        say(portal, "ada", &format!("chat{chat}"), "are you there?");
        let page = portal.ok("ben", "im.v2.Event.get", json!({"limit": 1000}));
        assert_eq!(texts(&page), ["are you there?"]);
    });
}

#[test]
fn many_senders_and_a_poller_lose_nothing() {
    for_each_store(|portal| {
        let bot = bot_of(portal, "supervisor");
        let chats: Vec<i64> = (0..3).map(|_| group(portal, &[2, bot.id])).collect();
        drain(portal, &bot);
        let done = AtomicBool::new(false);
        let seen = thread::scope(|scope| {
            let senders: Vec<_> = chats
                .iter()
                .map(|chat| {
                    scope.spawn(move || {
                        for number in 0..20 {
                            say(
                                portal,
                                "ben",
                                &format!("chat{chat}"),
                                &format!("{chat} {number}"),
                            );
                        }
                    })
                })
                .collect();
            let poller = scope.spawn(|| {
                let (mut seen, mut offset) = (Vec::new(), json!(0));
                loop {
                    let last = done.load(Ordering::SeqCst);
                    let page = call(
                        portal,
                        &bot,
                        "imbot.v2.Event.get",
                        json!({"offset": offset}),
                    );
                    offset = page["nextOffset"].clone();
                    seen.extend(texts(&page));
                    if last {
                        return seen;
                    }
                }
            });
            for sender in senders {
                sender.join().unwrap();
            }
            done.store(true, Ordering::SeqCst);
            poller.join().unwrap()
        });
        for chat in chats {
            let own = format!("{chat} ");
            let of_chat: Vec<&String> = seen.iter().filter(|text| text.starts_with(&own)).collect();
            let expected: Vec<String> = (0..20).map(|number| format!("{chat} {number}")).collect();
            assert_eq!(
                of_chat,
                expected.iter().collect::<Vec<_>>(),
                "each once, in order"
            );
        }
    });
}
