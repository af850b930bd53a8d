//! The read state rules through the API, on both stores: what a client sees of each.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod corners;

use readmark_app::Rules;
use readmark_model::{Event, UserId};
use readmark_testkit::{StoreKind, TestPortal, for_each_store};
use serde_json::{Value, json};

fn chat(portal: &TestPortal, users: &[i64]) -> i64 {
    portal
        .ok(
            "ada",
            "im.chat.add",
            json!({ "TITLE": "Rules", "USERS": users }),
        )
        .as_i64()
        .unwrap()
}

fn send(portal: &TestPortal, who: &str, dialog: &str) -> i64 {
    portal
        .ok(
            who,
            "im.message.add",
            json!({ "DIALOG_ID": dialog, "MESSAGE": "words" }),
        )
        .as_i64()
        .unwrap()
}

fn read(portal: &TestPortal, who: &str, dialog: &str) -> Value {
    portal.ok(who, "im.dialog.read", json!({ "DIALOG_ID": dialog }))
}

fn get(portal: &TestPortal, who: &str, dialog: &str) -> Value {
    portal.ok(who, "im.dialog.get", json!({ "DIALOG_ID": dialog }))
}

fn counters(portal: &TestPortal, who: &str) -> Value {
    portal.ok(who, "im.counters.get", json!({}))
}

fn in_recent(portal: &TestPortal, who: &str, chat: i64) -> Option<Value> {
    let page = portal.ok(who, "im.recent.list", json!({}));
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["chat_id"] == chat)
        .cloned()
}

#[test]
fn r2_own_messages_notices_and_invisible_ones_do_not_count_and_system_messages_do() {
    for_each_store(|portal| {
        let id = chat(portal, &[2]);
        let dialog = format!("chat{id}");
        send(portal, "ada", &dialog);
        portal.ok(
            "ada",
            "im.message.add",
            json!({ "DIALOG_ID": dialog, "MESSAGE": "note", "SYSTEM": "Y" }),
        );
        portal.ok(
            "ada",
            "im.chat.user.add",
            json!({ "CHAT_ID": id, "USERS": [3] }),
        );
        assert_eq!(
            get(portal, "ben", &dialog)["counter"],
            2,
            "a message and a system message, no notices"
        );
        assert_eq!(
            get(portal, "ada", &dialog)["counter"],
            0,
            "nothing of one's own"
        );
        assert_eq!(
            get(portal, "cho", &dialog)["counter"],
            0,
            "nothing from before joining"
        );
        send(portal, "ben", &dialog);
        assert_eq!(get(portal, "cho", &dialog)["counter"], 1);
    });
}

#[test]
fn r2_counters_have_no_cap() {
    let portal = TestPortal::new(StoreKind::Sqlite);
    let dialog = format!("chat{}", chat(&portal, &[2]));
    for _ in 0..150 {
        send(&portal, "ada", &dialog);
    }
    assert_eq!(get(&portal, "ben", &dialog)["counter"], 150);
    assert_eq!(counters(&portal, "ben")["TYPE"]["ALL"], 150);
}

#[test]
fn r3_a_mark_moves_the_cursor_back_and_outlives_late_reads_of_older_messages() {
    for_each_store(|portal| {
        let dialog = format!("chat{}", chat(portal, &[2]));
        let ids: Vec<i64> = (0..4).map(|_| send(portal, "ada", &dialog)).collect();
        read(portal, "ben", &dialog);
        let marked = json!({ "DIALOG_ID": dialog, "MESSAGE_ID": ids[2] });
        assert_eq!(portal.ok("ben", "im.dialog.unread", marked), true);
        let late = json!({ "DIALOG_ID": dialog, "MESSAGE_ID": ids[0] });
        portal.ok("ben", "im.dialog.read", late);
        let state = get(portal, "ben", &dialog);
        assert_eq!(
            (
                &state["counter"],
                &state["unread_id"],
                &state["marked_id"],
                &state["last_id"]
            ),
            (&json!(2), &json!(ids[2]), &json!(ids[2]), &json!(ids[1]))
        );
        let last = get(portal, "ada", &dialog);
        assert_eq!(
            last["last_message_views"]["count_of_viewers"], 1,
            "what was viewed stays viewed"
        );
    });
}

#[test]
fn r4_sending_reads_the_chat_clears_mark_and_flag_and_views_nothing() {
    for_each_store(|portal| {
        let dialog = format!("chat{}", chat(portal, &[2]));
        let first = send(portal, "ada", &dialog);
        portal.ok(
            "ben",
            "im.dialog.unread",
            json!({ "DIALOG_ID": dialog, "MESSAGE_ID": first }),
        );
        portal.ok("ben", "im.recent.unread", json!({ "DIALOG_ID": dialog }));
        let own = send(portal, "ben", &dialog);
        let state = get(portal, "ben", &dialog);
        assert_eq!(
            (&state["counter"], &state["marked_id"], &state["last_id"]),
            (&json!(0), &json!(0), &json!(own))
        );
        assert_eq!(counters(portal, "ben")["CHAT_UNREAD"], json!([]));
        let viewers = portal.ok(
            "ada",
            "readmark.message.viewers",
            json!({ "MESSAGE_ID": first }),
        );
        assert_eq!(viewers["count_of_viewers"], 0);
    });
}

#[test]
fn r5_joining_starts_at_zero_and_the_first_private_message_from_a_stranger_counts() {
    for_each_store(|portal| {
        let id = chat(portal, &[]);
        let dialog = format!("chat{id}");
        send(portal, "ada", &dialog);
        for (user, hide) in [(2, "Y"), (3, "N")] {
            let params = json!({ "CHAT_ID": id, "USERS": [user], "HIDE_HISTORY": hide });
            portal.ok("ada", "im.chat.user.add", params);
        }
        assert_eq!(get(portal, "ben", &dialog)["counter"], 0);
        assert_eq!(get(portal, "cho", &dialog)["counter"], 0);
        send(portal, "ben", "4");
        assert_eq!(counters(portal, "dev")["DIALOG"], json!({ "2": 1 }));
    });
}

#[test]
fn r6_leaving_takes_the_chat_out_of_every_total_and_rejoining_starts_at_zero() {
    for_each_store(|portal| {
        let id = chat(portal, &[2]);
        let dialog = format!("chat{id}");
        send(portal, "ada", &dialog);
        portal.ok("ben", "im.chat.mute", json!({ "CHAT_ID": id }));
        portal.ok("ben", "im.recent.unread", json!({ "DIALOG_ID": dialog }));
        portal.ok("ben", "im.recent.pin", json!({ "DIALOG_ID": dialog }));
        portal.ok("ben", "im.chat.leave", json!({ "CHAT_ID": id }));
        let left = counters(portal, "ben");
        assert_eq!(
            (
                &left["CHAT_MUTED"],
                &left["CHAT_UNREAD"],
                &left["TYPE"]["ALL"]
            ),
            (&json!([]), &json!([]), &json!(0))
        );
        assert!(in_recent(portal, "ben", id).is_none());
        send(portal, "ada", &dialog);
        portal.ok(
            "ada",
            "im.chat.user.add",
            json!({ "CHAT_ID": id, "USERS": [2], "HIDE_HISTORY": "N" }),
        );
        let item = in_recent(portal, "ben", id).unwrap();
        assert_eq!(
            (&item["counter"], &item["pinned"], &item["unread"]),
            (&json!(0), &json!(false), &json!(false))
        );
        assert_eq!(item["chat"]["mute_list"], json!([]));
    });
}

#[test]
fn r7_muting_moves_a_counter_and_never_changes_it() {
    for_each_store(|portal| {
        let id = chat(portal, &[2]);
        let dialog = format!("chat{id}");
        send(portal, "ada", &dialog);
        for (mute, chats, muted, all) in [
            ("Y", json!([]), json!({ id.to_string(): 1 }), 0),
            ("N", json!({ id.to_string(): 1 }), json!([]), 1),
        ] {
            portal.ok(
                "ben",
                "im.chat.mute",
                json!({ "CHAT_ID": id, "MUTE": mute }),
            );
            let now = counters(portal, "ben");
            assert_eq!(
                (&now["CHAT"], &now["CHAT_MUTED"], &now["TYPE"]["ALL"]),
                (&chats, &muted, &json!(all))
            );
            assert_eq!(get(portal, "ben", &dialog)["counter"], 1);
        }
    });
}

#[test]
fn r8_the_flag_adds_one_where_nothing_counts_and_a_read_clears_it() {
    for_each_store(|portal| {
        let id = chat(portal, &[2]);
        let dialog = format!("chat{id}");
        let flag = |action: &str| {
            portal.ok(
                "ben",
                "im.recent.unread",
                json!({ "DIALOG_ID": dialog, "ACTION": action }),
            );
            counters(portal, "ben")["TYPE"]["ALL"].as_i64().unwrap()
        };
        assert_eq!(flag("Y"), 1, "adds one");
        let message = send(portal, "ada", &dialog);
        assert_eq!(
            counters(portal, "ben")["TYPE"]["ALL"],
            1,
            "a message counts instead"
        );
        assert_eq!(flag("N"), 0, "clears and reads");
        let viewers = portal.ok(
            "ada",
            "readmark.message.viewers",
            json!({ "MESSAGE_ID": message }),
        );
        assert_eq!(viewers["count_of_viewers"], 0, "without a view");
        flag("Y");
        portal.ok(
            "ben",
            "im.dialog.read",
            json!({ "DIALOG_ID": dialog, "MESSAGE_ID": message }),
        );
        assert_eq!(
            counters(portal, "ben")["CHAT_UNREAD"],
            json!([]),
            "a read at the cursor clears it"
        );
    });
}

#[test]
fn r10_a_hidden_chat_is_nowhere_until_something_but_a_notice_is_sent() {
    for_each_store(|portal| {
        let id = chat(portal, &[2]);
        let dialog = format!("chat{id}");
        send(portal, "ada", &dialog);
        portal.ok("ben", "im.recent.hide", json!({ "DIALOG_ID": dialog }));
        portal.ok(
            "ada",
            "im.chat.updateTitle",
            json!({ "CHAT_ID": id, "TITLE": "Renamed" }),
        );
        assert!(
            in_recent(portal, "ben", id).is_none(),
            "a notice does not bring it back"
        );
        assert_eq!(counters(portal, "ben")["CHAT"], json!([]));
        assert_eq!(
            get(portal, "ben", &dialog)["counter"],
            1,
            "hiding is not reading"
        );
        send(portal, "ada", &dialog);
        assert_eq!(
            in_recent(portal, "ben", id).unwrap()["counter"],
            2,
            "back with its exact counter"
        );
        for (method, params) in [
            ("im.recent.unread", json!({ "DIALOG_ID": dialog })),
            ("im.recent.pin", json!({ "DIALOG_ID": dialog })),
            (
                "im.dialog.unread",
                json!({ "DIALOG_ID": dialog, "MESSAGE_ID": 1 }),
            ),
        ] {
            portal.ok("ben", "im.recent.hide", json!({ "DIALOG_ID": dialog }));
            assert!(in_recent(portal, "ben", id).is_none());
            portal.ok("ben", method, params);
            assert!(
                in_recent(portal, "ben", id).is_some(),
                "{method} brings it back"
            );
        }
    });
}

#[test]
fn r11_read_all_clears_everything_with_one_event_and_no_view() {
    for_each_store(|portal| {
        let dialogs: Vec<String> = (0..3)
            .map(|_| format!("chat{}", chat(portal, &[2])))
            .collect();
        let message = send(portal, "ada", &dialogs[0]);
        send(portal, "ada", "2");
        portal.ok(
            "ben",
            "im.recent.unread",
            json!({ "DIALOG_ID": dialogs[1] }),
        );
        let read_all = || portal.ok("ben", "im.dialog.read.all", json!({}));
        let (events, _) = portal.events_of(read_all);
        assert_eq!(events, [Event::AllRead { user: UserId(2) }]);
        assert_eq!(counters(portal, "ben")["TYPE"]["ALL"], 0);
        let viewers = portal.ok(
            "ada",
            "readmark.message.viewers",
            json!({ "MESSAGE_ID": message }),
        );
        assert_eq!(viewers["count_of_viewers"], 0);
        let (events, _) = portal.events_of(read_all);
        assert_eq!(events, [], "reading nothing is no event");
        read(portal, "ben", &dialogs[0]);
        let viewers = portal.ok(
            "ada",
            "readmark.message.viewers",
            json!({ "MESSAGE_ID": message }),
        );
        assert_eq!(
            viewers["count_of_viewers"], 1,
            "the next read views what read-all passed over"
        );
    });
}

#[test]
fn r13_a_member_who_hides_receipts_is_in_no_list_and_keeps_exact_counters() {
    for_each_store(|portal| {
        let dialog = format!("chat{}", chat(portal, &[2, 3]));
        let message = send(portal, "ada", &dialog);
        portal.ok("ben", "readmark.receipts.hide", json!({}));
        assert_eq!(read(portal, "ben", &dialog)["counter"], 0);
        read(portal, "cho", &dialog);
        let state = get(portal, "ada", &dialog);
        let readers = state["readed_list"].as_array().unwrap();
        assert_eq!(
            (&readers[0]["message_id"], &readers[0]["date"]),
            (&json!(0), &Value::Null)
        );
        assert_eq!(readers[1]["message_id"], message);
        let views = &state["last_message_views"];
        assert_eq!(
            (
                &views["count_of_viewers"],
                &views["first_viewers"][0]["user_id"]
            ),
            (&json!(1), &json!(3))
        );
    });
}

#[test]
fn r14_repeating_a_read_changes_nothing_and_tells_nobody() {
    for_each_store(|portal| {
        let dialog = format!("chat{}", chat(portal, &[2]));
        send(portal, "ada", &dialog);
        let first = read(portal, "ben", &dialog);
        let (events, again) = portal.events_of(|| read(portal, "ben", &dialog));
        assert_eq!(again, first);
        assert_eq!(events, []);
    });
}

#[test]
fn r18_with_the_caps_a_chat_stops_at_a_hundred_and_its_cursor_does_not() {
    for kind in [StoreKind::Sqlite, StoreKind::Postgres] {
        let portal = TestPortal::with_rules(
            kind,
            Rules {
                compat_caps: true,
                ..Rules::default()
            },
        );
        let dialog = format!("chat{}", chat(&portal, &[2]));
        let ids: Vec<i64> = (0..120).map(|_| send(&portal, "ada", &dialog)).collect();
        assert_eq!(get(&portal, "ben", &dialog)["counter"], 100);
        assert_eq!(counters(&portal, "ben")["TYPE"]["CHAT"], 100);
        let params = json!({ "DIALOG_ID": dialog, "MESSAGE_ID": ids[9] });
        assert_eq!(
            portal.ok("ben", "im.dialog.read", params)["counter"],
            100,
            "110 are left"
        );
        read(&portal, "ben", &dialog);
        let viewers = |id: i64| {
            portal.ok(
                "ada",
                "readmark.message.viewers",
                json!({ "MESSAGE_ID": id }),
            )["count_of_viewers"]
                .clone()
        };
        assert_eq!(
            (viewers(ids[9]), viewers(ids[15]), viewers(ids[20])),
            (json!(1), json!(0), json!(1))
        );
    }
}
