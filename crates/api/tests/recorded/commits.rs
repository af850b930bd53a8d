//! When and in which order events are published (rules R14, R16).

use std::{sync::mpsc, thread};

use readmark_model::{Event, MessageId, UserId, ViewRange};
use readmark_testkit::{TestPortal, for_each_store, rows::message};
use serde_json::json;

use crate::group;

fn send(portal: &TestPortal, who: &str, dialog: &str) -> MessageId {
    let params = json!({ "DIALOG_ID": dialog, "MESSAGE": "words" });
    let id = portal.ok(who, "im.message.add", params);
    MessageId(id.as_i64().unwrap())
}

fn read(portal: &TestPortal, who: &str, dialog: &str) {
    portal.ok(who, "im.dialog.read", json!({ "DIALOG_ID": dialog }));
}

#[test]
fn r16_an_event_is_published_exactly_when_its_change_is_made() {
    for_each_store(|portal| {
        let chat = group(portal, &[2]);
        let dialog = format!("chat{chat}");
        let (events, message) = portal.events_of(|| {
            let message = send(portal, "ada", &dialog);
            read(portal, "ben", &dialog);
            message
        });
        let last = portal
            .portal
            .store
            .read(move |tx| message::find(tx, message));
        let seq = last.unwrap().unwrap().seq;
        let added = Event::MessageAdded {
            chat,
            message,
            author: UserId(1),
        };
        let read = Event::DialogRead {
            chat,
            user: UserId(2),
            last_read: message,
            counter: 0,
            viewed: Some(ViewRange { from: seq, to: seq }),
            awaited: false,
        };
        assert_eq!(events, [added, read]);
        let refused = json!({ "DIALOG_ID": dialog, "MESSAGE": "words", "REPLY_ID": 404 });
        let (events, _) = portal.events_of(|| portal.error("ada", "im.message.add", refused));
        assert_eq!(events, []);
    });
}

#[test]
fn r16_what_is_published_is_durable() {
    for_each_store(|portal| {
        let dialog = format!("chat{}", group(portal, &[2]));
        let (sender, found) = mpsc::channel();
        let store = portal.portal.store.clone();
        portal.portal.bus.listen(move |commit| {
            for event in commit.iter() {
                let Event::MessageAdded { message, .. } = *event else {
                    continue;
                };
                // On another connection, which sees nothing but what is committed.
                let stored = store.read(move |tx| message::find(tx, message));
                sender
                    .send(stored.unwrap().map(|stored| stored.id))
                    .unwrap();
            }
        });
        let sent: Vec<_> = (0..20)
            .map(|_| Some(send(portal, "ada", &dialog)))
            .collect();
        assert_eq!(found.try_iter().collect::<Vec<_>>(), sent);
    });
}

#[test]
fn r14_changes_that_compete_are_published_in_the_order_of_their_commits() {
    for_each_store(|portal| {
        let dialog = format!("chat{}", group(portal, &[2, 3]));
        let (events, ()) = portal.events_of(|| {
            thread::scope(|scope| {
                for who in ["ada", "ben", "cho"] {
                    let dialog = &dialog;
                    scope.spawn(move || {
                        for _ in 0..30 {
                            send(portal, who, dialog);
                        }
                    });
                }
                // Two devices of one member.
                for _ in 0..2 {
                    let dialog = &dialog;
                    scope.spawn(move || {
                        for _ in 0..30 {
                            read(portal, "ben", dialog);
                        }
                    });
                }
            });
        });
        let sent = events.iter().filter_map(|event| match event {
            Event::MessageAdded { message, .. } => Some(*message),
            _ => None,
        });
        let sent: Vec<MessageId> = sent.collect();
        assert_eq!(sent.len(), 90);
        assert!(sent.is_sorted(), "{sent:?}");
        let read = events.iter().filter_map(|event| match event {
            Event::DialogRead { last_read, .. } => Some(*last_read),
            _ => None,
        });
        let read: Vec<MessageId> = read.collect();
        assert!(!read.is_empty());
        assert!(read.is_sorted(), "{read:?}");
    });
}
