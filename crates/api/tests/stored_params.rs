//! Message parameters as rows have them: those of earlier versions are read, and those of this one have the same names. On both stores.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod message_support;

use message_support::{chat, find, messages, send};
use readmark_model::{ChatKind, MessageId};
use readmark_store::{TxExt, params};
use readmark_testkit::{TestPortal, for_each_store};
use serde_json::{Value, json};

/// Writes parameters as an earlier version did.
fn store(portal: &TestPortal, message: i64, row: &str) {
    let row = row.to_owned();
    let rows = portal.portal.store.write(move |tx| {
        let sql = "UPDATE messages SET params = ?2 WHERE id = ?1";
        tx.execute(sql, params![MessageId(message), &row])
    });
    assert_eq!(rows.unwrap(), 1);
}

fn stored(portal: &TestPortal, message: i64) -> String {
    let row = portal.portal.store.read(move |tx| {
        let sql = "SELECT params FROM messages WHERE id = ?1";
        tx.get(sql, params![MessageId(message)], |row| row.string(0))
    });
    row.unwrap()
}

fn shown(portal: &TestPortal, chat: i64, message: i64) -> Value {
    let seen = messages(portal, "ben", chat);
    find(&seen, message).unwrap()["params"].clone()
}

fn last_message(portal: &TestPortal, chat: i64) -> Value {
    let list = portal.ok("ben", "im.recent.list", json!({}));
    let items = list["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["chat_id"] == chat).unwrap();
    item["message"].clone()
}

fn update(portal: &TestPortal, message: i64, further: &Value) {
    let mut params = json!({"MESSAGE_ID": message});
    for (name, value) in further.as_object().unwrap() {
        params[name] = value.clone();
    }
    portal.ok("ada", "im.message.update", params);
}

#[test]
fn rows_of_earlier_versions_are_shown_as_they_are() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let id = send(portal, "ada", chat, "High water");
        for row in [
            json!({"MENU": [{"TEXT": "b", "LINK": "/b"}], "IS_EDITED": "Y", "KEYBOARD": [{"TYPE": "NEWLINE"}]}),
            json!({"URL_PREVIEW": "N", "ATTACH": [{"ID": 1, "BLOCKS": [{"MESSAGE": "\u{1f680} \"a\"\n"}]}]}),
            json!({"CODE": ["CHAT_JOIN"], "NOTIFY": "N"}),
            json!({"CODE": ["CHAT_LEAVE"], "NOTIFY": "N"}),
            json!({"NOTIFY": "N"}),
            json!({"FILE_ID": [70, 71], "IS_EDITED": "Y"}),
            json!({"IS_DELETED": "Y"}),
        ] {
            store(portal, id, &row.to_string());
            assert_eq!(shown(portal, chat, id), row);
            let last = last_message(portal, chat);
            assert_eq!(last["attach"], json!(row.get("ATTACH").is_some()), "{row}");
            assert_eq!(last["file"], json!(row.get("FILE_ID").is_some()), "{row}");
        }
        for row in ["", "{}", "[]", "null"] {
            store(portal, id, row);
            assert_eq!(shown(portal, chat, id), json!([]), "{row}");
        }
    });
}

#[test]
fn a_change_keeps_what_an_earlier_version_wrote_beside_it() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let id = send(portal, "ada", chat, "High water");
        let earlier = r#"{"URL_PREVIEW":"N","KEYBOARD":[{"TYPE":"NEWLINE"}],"ATTACH":[{"ID":1,"BLOCKS":[]}]}"#;
        store(portal, id, earlier);
        update(portal, id, &json!({"MESSAGE": "High water"}));
        assert_eq!(stored(portal, id), earlier, "nothing has changed");
        update(portal, id, &json!({"MESSAGE": "Low water", "ATTACH": "N"}));
        assert_eq!(
            stored(portal, id),
            r#"{"KEYBOARD":[{"TYPE":"NEWLINE"}],"URL_PREVIEW":"N","IS_EDITED":"Y"}"#
        );
        update(portal, id, &json!({"KEYBOARD": "N", "URL_PREVIEW": "Y"}));
        assert_eq!(stored(portal, id), r#"{"IS_EDITED":"Y"}"#);
    });
}

#[test]
fn a_message_that_is_only_a_text_has_an_empty_object() {
    for_each_store(|portal| {
        let chat = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let id = send(portal, "ada", chat, "High water");
        assert_eq!(stored(portal, id), "{}");
    });
}
