//! Parameters under other names, and values that are not of their parameter's type, on both stores.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod message_support;

use message_support::{chat, send};
use readmark_model::ChatKind;
use readmark_testkit::{TestPortal, for_each_store};
use serde_json::{Value, json};

/// A parameter with another name.
struct Pair {
    method: &'static str,
    /// The documented name.
    name: &'static str,
    other: &'static str,
    /// The value under the documented name, and under the other one; made anew for every call.
    values: fn(&TestPortal) -> (Value, Value),
    /// Further parameters.
    beside: fn() -> Value,
    /// Whether the other name wins where both are given.
    other_wins: bool,
}

const fn pair(
    method: &'static str,
    name: &'static str,
    other: &'static str,
    values: fn(&TestPortal) -> (Value, Value),
    beside: fn() -> Value,
) -> Pair {
    Pair {
        method,
        name,
        other,
        values,
        beside,
        other_wins: false,
    }
}

fn nothing() -> Value {
    json!({})
}

fn text() -> Value {
    json!({"MESSAGE": "Ebb"})
}

fn same(value: impl Into<Value>) -> (Value, Value) {
    let value = value.into();
    (value.clone(), value)
}

fn room(portal: &TestPortal) -> i64 {
    chat(portal, ChatKind::Group, "ada", &["ben"])
}

fn message(portal: &TestPortal) -> (Value, Value) {
    same(send(portal, "ada", room(portal), "Flood"))
}

/// The number of a chat, and the chat as a dialog.
fn numbered(portal: &TestPortal) -> (Value, Value) {
    let chat = room(portal);
    (json!(chat), json!(format!("chat{chat}")))
}

/// A chat as a dialog, and its number.
fn dialog(portal: &TestPortal) -> (Value, Value) {
    let (number, dialog) = numbered(portal);
    (dialog, number)
}

/// A file of Ada, in her chat with Ben.
fn file(portal: &TestPortal) -> (Value, Value) {
    let upload = json!({"dialogId": "2", "fields": {"name": "a.txt", "content": "YQ=="}});
    let sent = portal.ok("ada", "im.v2.File.upload", upload);
    same(sent["file"]["id"].clone())
}

const PAIRS: &[Pair] = &[
    pair("im.notify", "USER_ID", "TO", |_| same(2), text),
    pair("im.notify.personal.add", "USER_ID", "TO", |_| same(2), text),
    pair("im.notify.system.add", "USER_ID", "TO", |_| same(2), text),
    pair("im.message.add", "DIALOG_ID", "CHAT_ID", dialog, text),
    pair("im.message.add", "DIALOG_ID", "USER_ID", |_| same(2), text),
    pair("im.message.update", "MESSAGE_ID", "ID", message, text),
    pair("im.message.delete", "MESSAGE_ID", "ID", message, nothing),
    pair("im.message.like", "MESSAGE_ID", "ID", message, nothing),
    pair(
        "im.dialog.read",
        "MESSAGE_ID",
        "LAST_ID",
        message,
        || json!({"DIALOG_ID": "2"}),
    ),
    pair(
        "im.dialog.messages.get",
        "DIALOG_ID",
        "CHAT_ID",
        dialog,
        nothing,
    ),
    Pair {
        other_wins: true,
        ..pair(
            "im.notify.answer",
            "NOTIFY_ID",
            "ID",
            |_| same(1),
            || json!({"ANSWER_TEXT": "Yes"}),
        )
    },
    Pair {
        other_wins: true,
        ..pair(
            "im.notify.confirm",
            "NOTIFY_ID",
            "ID",
            |_| same(1),
            || json!({"NOTIFY_VALUE": "Y"}),
        )
    },
    pair(
        "im.disk.file.commit",
        "FILE_ID",
        "DISK_ID",
        file,
        || json!({"DIALOG_ID": "2"}),
    ),
    pair("im.disk.file.save", "FILE_ID", "DISK_ID", file, nothing),
    pair(
        "im.disk.file.delete",
        "FILE_ID",
        "DISK_ID",
        file,
        || json!({"CHAT_ID": 1}),
    ),
    pair(
        "im.chat.user.list",
        "CHAT_ID",
        "DIALOG_ID",
        numbered,
        nothing,
    ),
    pair(
        "im.chat.user.add",
        "CHAT_ID",
        "DIALOG_ID",
        numbered,
        || json!({"USERS": "3"}),
    ),
    pair(
        "im.chat.user.delete",
        "CHAT_ID",
        "DIALOG_ID",
        numbered,
        || json!({"USER_ID": 2}),
    ),
    pair("im.chat.leave", "CHAT_ID", "DIALOG_ID", numbered, nothing),
];

/// Whether a call with these parameters beside those of the pair does something.
fn works(portal: &TestPortal, pair: &Pair, given: &[(&str, &Value)]) -> bool {
    let mut params = (pair.beside)();
    for (name, value) in given {
        params[*name] = (*value).clone();
    }
    let answered = portal.call("ada", pair.method, &params);
    answered.status == 200 && answered.result != json!(false)
}

#[test]
fn each_parameter_has_its_other_names() {
    for_each_store(|portal| {
        // The private chat of Ada and Ben is the first one.
        let private = portal.ok("ada", "im.dialog.get", json!({"DIALOG_ID": "2"}));
        assert_eq!(private["id"], 1);
        for pair in PAIRS {
            let Pair {
                method,
                name,
                other,
                ..
            } = pair;
            let told = format!("{method} {name} {other}");
            let wrong = json!("x");
            let of = || (pair.values)(portal);
            assert!(works(portal, pair, &[(name, &of().0)]), "{told}");
            assert!(works(portal, pair, &[(other, &of().1)]), "{told}");
            let empty = json!("");
            let (_, good) = of();
            assert!(
                works(portal, pair, &[(name, &empty), (other, &good)]),
                "{told}"
            );
            let both = |first: &Value, second: &Value| {
                works(portal, pair, &[(name, first), (other, second)])
            };
            assert_eq!(both(&of().0, &wrong), !pair.other_wins, "{told}");
            assert_eq!(both(&wrong, &of().1), pair.other_wins, "{told}");
        }
    });
}

#[test]
fn a_read_by_another_name_reads_no_further() {
    for_each_store(|portal| {
        let chat = room(portal);
        let first = send(portal, "ada", chat, "one");
        send(portal, "ada", chat, "two");
        let params =
            json!({"DIALOG_ID": format!("chat{chat}"), "MESSAGE_ID": "", "LAST_ID": first});
        let state = portal.ok("ben", "im.dialog.read", params);
        assert_eq!(
            (&state["lastId"], &state["counter"]),
            (&json!(first), &json!(1))
        );
    });
}

#[test]
fn reading_the_dialog_of_notifications_reads_them_all() {
    for_each_store(|portal| {
        let chat = room(portal);
        send(portal, "ada", chat, "one");
        for _ in 0..2 {
            portal.ok("ada", "im.notify", json!({"USER_ID": 2, "MESSAGE": "Tide"}));
        }
        let unread = || {
            let counters = portal.ok("ben", "im.counters.get", json!({}));
            [
                counters["TYPE"]["NOTIFY"].clone(),
                counters["TYPE"]["CHAT"].clone(),
            ]
        };
        assert_eq!(unread(), [json!(2), json!(1)]);
        let read = portal.ok("ben", "im.dialog.read", json!({"DIALOG_ID": "notify"}));
        assert_eq!(read, json!(true));
        assert_eq!(unread(), [json!(0), json!(1)]);
    });
}

#[test]
fn a_literal_reference_is_no_value_of_any_type() {
    for_each_store(|portal| {
        let chat = room(portal);
        send(portal, "ada", chat, "one");
        let dialog = format!("chat{chat}");
        let literal = "$result[a][messages][0][id]";
        for (method, params, error) in [
            (
                "im.dialog.read",
                json!({"DIALOG_ID": dialog, "MESSAGE_ID": literal}),
                "MESSAGE_ID_ERROR",
            ),
            (
                "im.dialog.read",
                json!({"DIALOG_ID": dialog, "LAST_ID": literal}),
                "MESSAGE_ID_ERROR",
            ),
            (
                "im.dialog.read",
                json!({"DIALOG_ID": literal}),
                "DIALOG_ID_EMPTY",
            ),
            ("im.user.get", json!({"ID": literal}), "ID_EMPTY"),
            (
                "im.notify.read",
                json!({"ID": literal}),
                "INVALID_ARG_VALUE",
            ),
            (
                "im.dialog.messages.get",
                json!({"DIALOG_ID": dialog, "LIMIT": literal}),
                "INVALID_ARG_VALUE",
            ),
            (
                "im.recent.list",
                json!({"LAST_MESSAGE_DATE": literal}),
                "INVALID_ARG_VALUE",
            ),
            (
                "im.recent.unread",
                json!({"DIALOG_ID": dialog, "ACTION": literal}),
                "INVALID_ARG_VALUE",
            ),
            (
                "im.chat.add",
                json!({"USERS": literal}),
                "INVALID_ARG_VALUE",
            ),
            (
                "im.chat.user.add",
                json!({"CHAT_ID": chat, "USERS": literal}),
                "INVALID_ARG_VALUE",
            ),
            (
                "im.notify.read.list",
                json!({"IDS": [literal]}),
                "PARAMS_ERROR",
            ),
            ("user.get", json!({"FILTER": literal}), "INVALID_ARG_VALUE"),
            (
                "department.get",
                json!({"filter": literal}),
                "INVALID_ARG_VALUE",
            ),
        ] {
            let refused = portal.error("ben", method, params);
            assert_eq!(refused, (400, error.to_owned()), "{method}");
        }
        let unread = portal.ok("ben", "im.counters.get", json!({}));
        assert_eq!(unread["TYPE"]["CHAT"], 1);
    });
}
