//! Many devices at once, on both stores: whatever the order, the result is one that some order of the calls gives (rule R14), and
//! a recount agrees (rule R17).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod notified;

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use readmark_app::{
    Interrupt, Refused,
    chat::{create, members},
    dialog::{self, read::Viewing},
    message::{
        delete::{self, Deletion},
        send::{self, Draft},
    },
    notify::{add, delete as forget, list, read as notice_read},
    verify::{self, Report},
};
use readmark_model::{
    ChatId, ChatKind, MessageId, MessageKind, MessageParams, NotificationId, UserId, chat::Entity,
};
use readmark_store::repo::{chat, message};
use readmark_testkit::{StoreKind, TestPortal, for_each_store};

fn group(portal: &TestPortal) -> ChatId {
    let made: Result<ChatId, Interrupt> = portal.run(UserId(1), |cx| {
        let plan = create::Plan {
            kind: ChatKind::Group,
            title: "race",
            description: "",
            color: "#ffffff",
            avatar: "",
            entity: &Entity::default(),
            owner: UserId(1),
            managers: &[],
            members: &[UserId(2), UserId(3), UserId(4)],
        };
        Ok(create::create(cx, &plan)?)
    });
    made.unwrap()
}

fn send(portal: &TestPortal, user: i64, chat: ChatId) -> Option<MessageId> {
    let sent = portal.run(UserId(user), move |cx| {
        let draft = Draft {
            kind: MessageKind::Post,
            text: "race on",
            params: MessageParams::empty(),
            reply: None,
            uuid: None,
        };
        send::send(cx, chat, &draft)
    });
    match sent {
        Ok(id) => Some(id),
        Err(Refused::Because(_)) => None,
        Err(Refused::Interrupted(fault)) => panic!("{fault}"),
    }
}

/// The answer of a read: last id and counter.
fn read(
    portal: &TestPortal,
    user: i64,
    chat: ChatId,
    to: Option<MessageId>,
) -> Option<(MessageId, i64)> {
    let done: Result<_, Interrupt> = portal.run(UserId(user), move |cx| {
        Ok(dialog::read::read(cx, chat, to, Viewing::Recorded)?)
    });
    done.unwrap().map(|done| (done.last_id, done.counter))
}

fn assert_no_drift(portal: &TestPortal) -> Report {
    let report: Result<_, Interrupt> = portal
        .portal
        .store
        .read(|tx| Ok(verify::verify(tx, &mut |_, _| {})?));
    let report = report.unwrap();
    assert_eq!(report.drift, []);
    report
}

#[test]
fn r17_everything_at_once_leaves_no_drift() {
    for_each_store(|portal| {
        let chat = group(portal);
        let first = send(portal, 1, chat).unwrap();
        let stop = AtomicBool::new(false);
        let running = || !stop.load(Ordering::Relaxed);
        thread::scope(|scope| {
            for user in 1..=4 {
                scope.spawn(move || {
                    while running() {
                        send(portal, user, chat);
                    }
                });
                scope.spawn(move || {
                    while running() {
                        if let Some((_, counter)) = read(portal, user, chat, None) {
                            assert!(counter >= 0);
                        }
                    }
                });
            }
            scope.spawn(move || {
                while running() {
                    let marked: Result<bool, Interrupt> = portal.run(UserId(2), move |cx| {
                        Ok(dialog::unread::unread(cx, chat, first)?)
                    });
                    marked.unwrap();
                }
            });
            scope.spawn(move || {
                while running() {
                    let done = portal.run(UserId(1), move |cx| {
                        let Some(found) = chat::find(cx.tx, chat)? else {
                            return Ok(());
                        };
                        let last = found.tail.last_message;
                        delete::delete(cx, last, Deletion::Complete)
                    });
                    assert!(!matches!(done, Err(Refused::Interrupted(_))), "{done:?}");
                }
            });
            scope.spawn(move || {
                while running() {
                    let done: Result<(), Interrupt> = portal.run(UserId(1), move |cx| {
                        let Some(found) = chat::lock_exclusive(cx.tx, chat)? else {
                            return Ok(());
                        };
                        if !members::remove(cx, &found, UserId(4))? {
                            members::add(cx, &found, &[UserId(4)], true)?;
                        }
                        Ok(())
                    });
                    done.unwrap();
                }
            });
            thread::sleep(Duration::from_millis(1500));
            stop.store(true, Ordering::Relaxed);
        });
        let report = assert_no_drift(portal);
        assert!(report.messages > 0 && report.views > 0, "{report:?}");
    });
}

#[test]
fn r14_two_devices_reading_at_once_never_move_the_cursor_back() {
    for_each_store(|portal| {
        let chat = group(portal);
        let ids: Vec<MessageId> = (0..40).filter_map(|_| send(portal, 1, chat)).collect();
        thread::scope(|scope| {
            for device in 0..2 {
                let ids = &ids;
                scope.spawn(move || {
                    let mut last = MessageId(0);
                    for id in ids.iter().skip(device).step_by(2) {
                        let (read_to, counter) = read(portal, 2, chat, Some(*id)).unwrap();
                        assert!(
                            read_to >= *id && read_to >= last,
                            "a read answers at least its target"
                        );
                        let left = ids.iter().filter(|other| **other > read_to).count();
                        assert_eq!(counter, left as i64, "counter and cursor belong together");
                        last = read_to;
                    }
                });
            }
        });
        assert_eq!(
            read(portal, 2, chat, None),
            ids.last().map(|last| (*last, 0))
        );
        assert_no_drift(portal);
    });
}

#[test]
fn r9_a_message_is_never_deleted_as_unviewed_while_it_is_being_viewed() {
    for kind in [StoreKind::Sqlite, StoreKind::Postgres] {
        let portal = &TestPortal::new(kind);
        let chat = group(portal);
        for _ in 0..30 {
            let id = send(portal, 2, chat).unwrap();
            thread::scope(|scope| {
                let viewed = scope.spawn(move || {
                    let viewed: Result<Vec<MessageId>, Interrupt> =
                        portal.run(UserId(3), move |cx| {
                            let done = dialog::read::read(cx, chat, Some(id), Viewing::Recorded)?;
                            let Some(range) = done.and_then(|done| done.viewed) else {
                                return Ok(Vec::new());
                            };
                            Ok(message::list_viewable(
                                cx.tx, chat, cx.user, range.from, range.to,
                            )?)
                        });
                    viewed.unwrap()
                });
                let deleted = scope.spawn(move || {
                    portal.run(UserId(2), move |cx| {
                        delete::delete(cx, id, Deletion::ByRule)
                    })
                });
                let viewed = viewed.join().unwrap().contains(&id);
                assert!(deleted.join().unwrap().is_ok());
                let left: Result<_, Interrupt> =
                    portal.run(UserId(2), move |cx| Ok(message::find(cx.tx, id)?));
                let tombstone = left.unwrap().is_some();
                assert_eq!(
                    viewed, tombstone,
                    "viewed messages leave a tombstone, others nothing"
                );
            });
        }
        assert_no_drift(portal);
    }
}

#[test]
fn r14_those_who_take_and_free_tags_at_once_wait_and_never_in_a_circle() {
    const TURNS: i64 = 40;
    const TAGS: [&str; 2] = ["one", "two"];
    for_each_store(|portal| {
        // A deadlock is undone and run again by the store, so that it shows in nothing but how often something was run.
        let again = AtomicUsize::new(0);
        let count = |runs: usize| {
            again.fetch_add(runs - 1, Ordering::Relaxed);
        };
        thread::scope(|scope| {
            for user in (1..=4).map(UserId) {
                scope.spawn(move || {
                    for turn in 0..TURNS {
                        let tag = TAGS[usize::try_from(turn + user.get()).unwrap() % 2];
                        let to = UserId((turn + user.get()) % 4 + 1);
                        let (added, runs) = notified::run_counted(portal, user, move |cx| {
                            add::add(cx, &notified::notice(to, tag, "group"))
                        });
                        assert!(added.is_some());
                        count(runs);
                    }
                });
                scope.spawn(move || {
                    for turn in 0..TURNS {
                        let tag = TAGS[usize::try_from(turn).unwrap() % 2];
                        let (_, runs) = notified::run_counted(portal, user, move |cx| {
                            Ok(match turn % 4 {
                                0 => forget::by_sub_tag(cx, notified::APPLICATION, "group")?,
                                1 => {
                                    let page = list::list(cx, None, 1)?;
                                    match page.notifications.first() {
                                        Some(latest) => forget::by_id(cx, latest.id)?,
                                        None => false,
                                    }
                                }
                                2 => notice_read::mark_from(cx, NotificationId(0), true)? >= 0,
                                _ => forget::by_tag(cx, notified::APPLICATION, tag)?,
                            })
                        });
                        count(runs);
                    }
                });
            }
        });
        assert_eq!(again.load(Ordering::Relaxed), 0, "lost races");
        assert_no_drift(portal);
    });
}
