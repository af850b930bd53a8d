//! Short words for tests about messages.

#![allow(dead_code, reason = "each test file uses what it needs")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use readmark_app::{
    Interrupt,
    chat::{create, members},
};
use readmark_model::{ChatId, ChatKind, Role, UserId, chat::Entity};
use readmark_testkit::{
    TestPortal, people,
    rows::{chat, member},
};
use serde_json::{Value, json};

/// A chat of which `owner` is the owner.
pub(crate) fn chat(portal: &TestPortal, kind: ChatKind, owner: &str, others: &[&str]) -> i64 {
    let members: Vec<UserId> = others.iter().map(|name| people::id_of(name)).collect();
    let owner = people::id_of(owner);
    let made: Result<ChatId, Interrupt> = portal.run(owner, move |cx| {
        Ok(create::create(
            cx,
            &create::Plan {
                kind,
                title: "Harbour",
                description: "",
                color: "#df532d",
                avatar: "",
                entity: &Entity::default(),
                owner,
                managers: &[],
                members: &members,
            },
        )?)
    });
    made.unwrap().get()
}

/// Lets somebody into a chat, with or without its history.
pub(crate) fn join(portal: &TestPortal, chat: i64, who: &str, history: bool) {
    let user = people::id_of(who);
    let joined: Result<(), Interrupt> = portal.run(UserId(1), move |cx| {
        let chat = chat::lock_exclusive(cx.tx, ChatId(chat))?.unwrap();
        members::add(cx, &chat, &[user], history)?;
        Ok(())
    });
    joined.unwrap();
}

/// Gives a member another role.
pub(crate) fn set_role(portal: &TestPortal, chat: i64, who: &str, role: Role) {
    let user = people::id_of(who);
    let done: Result<(), Interrupt> = portal.run(UserId(1), move |cx| {
        Ok(member::update_role(
            cx.tx,
            ChatId(chat),
            user,
            role,
            cx.now,
        )?)
    });
    done.unwrap();
}

/// Sends a text to a chat; answers the message's id.
pub(crate) fn send(portal: &TestPortal, who: &str, chat: i64, text: &str) -> i64 {
    let params = json!({"DIALOG_ID": format!("chat{chat}"), "MESSAGE": text});
    portal.ok(who, "im.message.add", params).as_i64().unwrap()
}

/// Reads a chat to its end.
pub(crate) fn read(portal: &TestPortal, who: &str, chat: i64) {
    let params = json!({"DIALOG_ID": format!("chat{chat}")});
    let state = portal.ok(who, "im.dialog.read", params);
    assert_eq!(state["counter"], 0);
}

/// `im.dialog.get`.
pub(crate) fn dialog(portal: &TestPortal, who: &str, chat: i64) -> Value {
    portal.ok(
        who,
        "im.dialog.get",
        json!({"DIALOG_ID": format!("chat{chat}")}),
    )
}

/// `messages` of `im.dialog.messages.get`.
pub(crate) fn messages(portal: &TestPortal, who: &str, chat: i64) -> Vec<Value> {
    let params = json!({"DIALOG_ID": format!("chat{chat}"), "LIMIT": 50});
    let history = portal.ok(who, "im.dialog.messages.get", params);
    history["messages"].as_array().unwrap().clone()
}

/// The messages in the order in which they came, as pairs of id and text.
pub(crate) fn texts(messages: &[Value]) -> Vec<(i64, &str)> {
    messages
        .iter()
        .map(|message| {
            (
                message["id"].as_i64().unwrap(),
                message["text"].as_str().unwrap(),
            )
        })
        .collect()
}

/// One of several messages.
pub(crate) fn find(messages: &[Value], id: i64) -> Option<&Value> {
    messages.iter().find(|message| message["id"] == id)
}

/// The ids that `im.dialog.messages.search` finds with a text.
pub(crate) fn search(portal: &TestPortal, who: &str, chat: i64, text: &str) -> Vec<i64> {
    let params = json!({"CHAT_ID": chat, "SEARCH_MESSAGE": text});
    ids(&portal.ok(who, "im.dialog.messages.search", params))
}

/// The ids of `messages` in an answer.
pub(crate) fn ids(answer: &Value) -> Vec<i64> {
    let messages = answer["messages"].as_array().unwrap();
    messages
        .iter()
        .map(|message| message["id"].as_i64().unwrap())
        .collect()
}

/// The code for a message that cannot be changed.
pub(crate) fn cannot_edit() -> (u16, String) {
    (403, "CANT_EDIT_MESSAGE".to_owned())
}
