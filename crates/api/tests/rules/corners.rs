//! Where two rules meet, or a call finds nothing to do: what is easily broken without being seen.

use readmark_model::Event;
use readmark_testkit::{TestPortal, for_each_store};
use serde_json::{Value, json};

use crate::{chat, counters, get, in_recent, read, send};

fn unread(portal: &TestPortal, who: &str, dialog: &str, message: i64) -> Value {
    let params = json!({ "DIALOG_ID": dialog, "MESSAGE_ID": message });
    portal.ok(who, "im.dialog.unread", params)
}

fn read_to(portal: &TestPortal, who: &str, dialog: &str, message: i64) -> Value {
    let params = json!({ "DIALOG_ID": dialog, "MESSAGE_ID": message });
    portal.ok(who, "im.dialog.read", params)
}

#[test]
fn r3_the_event_of_a_mark_has_the_exact_counter_and_a_repeated_mark_has_no_event() {
    for_each_store(|portal| {
        let id = chat(portal, &[2]);
        let dialog = format!("chat{id}");
        let ids: Vec<i64> = (0..4).map(|_| send(portal, "ada", &dialog)).collect();
        read(portal, "ben", &dialog);
        let mark = || {
            portal
                .events_of(|| unread(portal, "ben", &dialog, ids[1]))
                .0
        };
        assert!(matches!(
            mark()[..],
            [Event::DialogUnread { counter: 3, .. }]
        ));
        assert_eq!(mark(), []);
        portal.ok("ben", "im.recent.hide", json!({ "DIALOG_ID": dialog }));
        assert_eq!(mark().len(), 1, "it brings a hidden chat back");
        assert!(in_recent(portal, "ben", id).is_some());
    });
}

#[test]
fn r8_reading_what_is_left_before_a_deleted_cursor_is_reading_at_the_cursor() {
    for_each_store(|portal| {
        let dialog = format!("chat{}", chat(portal, &[2]));
        let ids: Vec<i64> = (0..4).map(|_| send(portal, "ada", &dialog)).collect();
        read_to(portal, "ben", &dialog, ids[2]);
        // A manager's deletion is complete.
        portal.ok("ada", "im.message.delete", json!({ "MESSAGE_ID": ids[2] }));
        let flag = || portal.ok("ben", "im.recent.unread", json!({ "DIALOG_ID": dialog }));
        let flagged = || counters(portal, "ben")["CHAT_UNREAD"] != json!([]);
        flag();
        read_to(portal, "ben", &dialog, ids[0]);
        assert!(flagged(), "an older message changes nothing");
        read_to(portal, "ben", &dialog, ids[1]);
        assert!(!flagged(), "it is the last message before the cursor");
        assert_eq!(get(portal, "ben", &dialog)["counter"], 1);
    });
}

#[test]
fn r8_a_repeated_flag_has_no_event_and_brings_a_hidden_chat_back() {
    for_each_store(|portal| {
        let id = chat(portal, &[2]);
        let dialog = format!("chat{id}");
        let params = json!({ "DIALOG_ID": dialog });
        let flag = || {
            let flag = || portal.ok("ben", "im.recent.unread", params.clone());
            portal.events_of(flag).0
        };
        assert_eq!(flag().len(), 1);
        assert_eq!(flag(), []);
        portal.ok("ben", "im.recent.hide", params.clone());
        assert!(in_recent(portal, "ben", id).is_none());
        assert_eq!(flag().len(), 1);
        assert!(in_recent(portal, "ben", id).is_some());
    });
}

#[test]
fn r10_a_repeated_pin_has_no_event() {
    for_each_store(|portal| {
        let params = json!({ "DIALOG_ID": format!("chat{}", chat(portal, &[2])) });
        let pin = || {
            let pin = || portal.ok("ben", "im.recent.pin", params.clone());
            portal.events_of(pin).0
        };
        assert_eq!(pin().len(), 1);
        assert_eq!(pin(), []);
    });
}

#[test]
fn r13_viewers_keep_their_own_times_when_what_they_saw_later_is_deleted() {
    for_each_store(|portal| {
        let dialog = format!("chat{}", chat(portal, &[2, 3]));
        let first = send(portal, "ada", &dialog);
        read(portal, "ben", &dialog);
        let views = |portal: &TestPortal| get(portal, "ada", &dialog)["last_message_views"].clone();
        let seen = views(portal);
        let second = send(portal, "ada", &dialog);
        read(portal, "ben", &dialog);
        portal.ok("ada", "im.message.delete", json!({ "MESSAGE_ID": second }));
        assert_eq!(views(portal), seen);
        assert_eq!(seen["message_id"], first);
        assert_eq!(seen["first_viewers"][0]["user_id"], 2);
    });
}

#[test]
fn r13_what_was_read_before_rejoining_without_the_history_is_not_told() {
    for_each_store(|portal| {
        let id = chat(portal, &[2, 3]);
        let dialog = format!("chat{id}");
        send(portal, "ada", &dialog);
        read(portal, "ben", &dialog);
        let members = |method: &str, params: Value| portal.ok("ada", method, params);
        members(
            "im.chat.user.delete",
            json!({ "CHAT_ID": id, "USER_ID": 2 }),
        );
        members(
            "im.chat.user.add",
            json!({ "CHAT_ID": id, "USERS": [2], "HIDE_HISTORY": "Y" }),
        );
        let list = get(portal, "ada", &dialog)["readed_list"].clone();
        let entry = list
            .as_array()
            .unwrap()
            .iter()
            .find(|entry| entry["user_id"] == 2);
        let entry = entry.unwrap();
        assert_eq!(
            (&entry["message_id"], &entry["date"]),
            (&json!(0), &Value::Null)
        );
    });
}

#[test]
fn r13_the_last_page_of_viewers_says_so_when_it_is_full() {
    for_each_store(|portal| {
        let dialog = format!("chat{}", chat(portal, &[2, 3, 4]));
        let message = send(portal, "ada", &dialog);
        for reader in ["ben", "cho"] {
            read(portal, reader, &dialog);
        }
        let page = |limit: i64| {
            let params = json!({ "MESSAGE_ID": message, "LIMIT": limit });
            portal.ok("ada", "readmark.message.viewers", params)
        };
        assert_eq!(page(1)["has_more"], true);
        assert_eq!(page(2)["has_more"], false);
    });
}

#[test]
fn r13_only_ones_own_message_is_delivered_when_it_was_viewed() {
    for_each_store(|portal| {
        let id = chat(portal, &[2, 3]);
        let dialog = format!("chat{id}");
        send(portal, "ada", &dialog);
        read(portal, "cho", &dialog);
        let status = |who: &str| in_recent(portal, who, id).unwrap()["message"]["status"].clone();
        assert_eq!(status("ada"), "delivered");
        assert_eq!(status("ben"), "received");
    });
}

#[test]
fn r9_a_tombstone_cannot_be_replied_to() {
    for_each_store(|portal| {
        let dialog = format!("chat{}", chat(portal, &[2]));
        let message = send(portal, "ben", &dialog);
        read(portal, "ada", &dialog);
        portal.ok("ben", "im.message.delete", json!({ "MESSAGE_ID": message }));
        let reply = json!({ "DIALOG_ID": dialog, "MESSAGE": "words", "REPLY_ID": message });
        portal.error("ada", "im.message.add", reply);
    });
}

#[test]
fn a_private_chat_with_an_extranet_user_is_shown_as_one() {
    for_each_store(|portal| {
        let shared = chat(portal, &[5]);
        send(portal, "ada", &format!("chat{shared}"));
        send(portal, "ada", "5");
        send(portal, "ada", "2");
        assert_eq!(get(portal, "ada", "5")["extranet"], true);
        assert_eq!(get(portal, "ada", "2")["extranet"], false);
    });
}
