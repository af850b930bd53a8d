//! Nobody reads, counts, lists or changes what they are no member of: every method of the registry is tried by outsiders, with
//! every parameter that could lead it to a chat, so that a method that is added is tried as well.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use readmark_api::methods::METHODS;
use readmark_testkit::{TestPortal, for_each_store};
use serde_json::{Value, json};

/// Stands in everything that outsiders must not see.
const SECRET: &str = "Kingfisher";

/// A closed chat of ada and ben, with messages, and a private chat of the two.
struct Closed {
    chat: i64,
    message: i64,
    private_message: i64,
}

fn closed(portal: &TestPortal) -> Closed {
    let chat = portal.ok(
        "ada",
        "im.chat.add",
        json!({ "TITLE": format!("{SECRET} chat"), "DESCRIPTION": format!("About {SECRET}"), "USERS": [2] }),
    );
    let chat = chat.as_i64().unwrap();
    let text = format!("{SECRET} nests here");
    let send = |dialog: String| {
        let params = json!({ "DIALOG_ID": dialog, "MESSAGE": text });
        portal.ok("ada", "im.message.add", params).as_i64().unwrap()
    };
    Closed {
        chat,
        message: send(format!("chat{chat}")),
        private_message: send("2".into()),
    }
}

/// Every parameter that could lead a method to the chat, in the spelling of both families.
fn probes(closed: &Closed, outsider: i64) -> Vec<Value> {
    let dialog = format!("chat{}", closed.chat);
    let base = |message: i64| {
        json!({
            "DIALOG_ID": dialog, "CHAT_ID": closed.chat, "MESSAGE_ID": message, "USER_ID": outsider, "USERS": [outsider],
            "TITLE": "taken over", "COLOR": "RED", "MESSAGE": "taken over", "SEARCH_MESSAGE": SECRET, "FIND": SECRET,
            "ENTITY_TYPE": "CHAT", "ENTITY_ID": closed.chat.to_string(), "LIMIT": 200, "REPLY_ID": message,
        })
    };
    let without_search = {
        let mut probe = base(closed.message);
        probe.as_object_mut().unwrap().remove("SEARCH_MESSAGE");
        probe.as_object_mut().unwrap().remove("FIND");
        probe
    };
    let without_message = {
        let mut probe = base(closed.message);
        probe.as_object_mut().unwrap().remove("MESSAGE_ID");
        probe.as_object_mut().unwrap().remove("REPLY_ID");
        probe
    };
    let without_dialog = {
        let mut probe = base(closed.private_message);
        probe.as_object_mut().unwrap().remove("DIALOG_ID");
        probe
    };
    vec![
        base(closed.message),
        base(closed.private_message),
        without_search,
        without_message,
        without_dialog,
    ]
}

/// Takes away when users were last active, as asking is being active.
fn without_presence(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(without_presence).collect(),
        Value::Object(members) => members
            .into_iter()
            .filter(|(name, _)| name != "last_activity_date")
            .map(|(name, member)| (name, without_presence(member)))
            .collect(),
        other => other,
    }
}

/// Everything about the two chats that their members see.
fn state(portal: &TestPortal, closed: &Closed) -> Value {
    let dialog = format!("chat{}", closed.chat);
    let ask =
        |who: &str, method: &str, params: Value| without_presence(portal.ok(who, method, params));
    json!([
        ask("ada", "im.dialog.get", json!({ "DIALOG_ID": dialog })),
        ask("ben", "im.dialog.get", json!({ "DIALOG_ID": dialog })),
        ask("ben", "im.dialog.get", json!({ "DIALOG_ID": "1" })),
        ask(
            "ben",
            "im.dialog.messages.get",
            json!({ "DIALOG_ID": dialog })
        ),
        ask("ben", "im.dialog.messages.get", json!({ "DIALOG_ID": "1" })),
        ask("ben", "im.counters.get", json!({})),
    ])
}

#[test]
fn outsiders_see_and_change_nothing_of_a_closed_chat_through_any_method() {
    for_each_store(|portal| {
        let closed = closed(portal);
        let before = state(portal, &closed);
        for (outsider, id) in [("cho", 3), ("eva", 5)] {
            for entry in METHODS {
                for probe in probes(&closed, id) {
                    let answered = portal.call(outsider, entry.name, &probe);
                    assert!(
                        !answered.result.to_string().contains(SECRET),
                        "{} tells {outsider} about the chat: {}",
                        entry.name,
                        answered.result
                    );
                    assert_ne!(answered.status, 500, "{} fails for {outsider}", entry.name);
                }
                // What an outsider did may have made rows of their own, never of this chat.
                let after = state(portal, &closed);
                assert_eq!(
                    after, before,
                    "{} by {outsider} changes the chat",
                    entry.name
                );
            }
        }
    });
}

#[test]
fn a_dismissed_user_is_refused_by_every_method() {
    for_each_store(|portal| {
        portal.ok("ada", "user.update", json!({ "ID": 3, "ACTIVE": "N" }));
        for entry in METHODS {
            let answered = portal.call("cho", entry.name, &json!({}));
            assert_eq!(answered.status, 401, "{}", entry.name);
        }
    });
}

#[test]
fn every_method_needs_one_of_its_scopes_and_the_base_methods_none() {
    use readmark_model::{Scopes, UserId};

    for_each_store(|portal| {
        let credentials = portal.webhook(UserId(2), Scopes::default(), "nothingatall");
        for entry in METHODS {
            let answered = portal.call_with(credentials, entry.name, &json!({}));
            let refused = answered
                .error
                .is_some_and(|(code, _)| code == "insufficient_scope");
            assert_eq!(refused, !entry.scopes.is_empty(), "{}", entry.name);
        }
    });
}
