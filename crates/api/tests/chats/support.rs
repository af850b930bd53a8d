//! Short words for tests about chats.

use readmark_app::{Interrupt, verify::verify};
use readmark_model::{UserId, UserKind, color::Color};
use readmark_testkit::{TestPortal, people, portal::START, rows::user};
use serde_json::{Value, json};

use crate::message_support::messages;

/// Makes a chat with `im.chat.add`; answers its id.
pub(crate) fn add(portal: &TestPortal, who: &str, params: Value) -> i64 {
    portal.ok(who, "im.chat.add", params).as_i64().unwrap()
}

/// A closed chat of some people.
pub(crate) fn group(portal: &TestPortal, owner: &str, others: &[i64]) -> i64 {
    add(portal, owner, json!({"TITLE": "Harbour", "USERS": others}))
}

/// Adds users to a chat.
pub(crate) fn invite(portal: &TestPortal, who: &str, chat: i64, users: &[i64], hide: &str) {
    let params = json!({"CHAT_ID": chat, "USERS": users, "HIDE_HISTORY": hide});
    assert_eq!(portal.ok(who, "im.chat.user.add", params), true);
}

/// Leaves a chat.
pub(crate) fn leave(portal: &TestPortal, who: &str, chat: i64) {
    let left = portal.ok(who, "im.chat.leave", json!({"CHAT_ID": chat}));
    assert_eq!(left, true);
}

/// Who is in a chat.
pub(crate) fn members(portal: &TestPortal, who: &str, chat: i64) -> Value {
    portal.ok(who, "im.chat.user.list", json!({"CHAT_ID": chat}))
}

/// The texts of a chat that somebody sees, the oldest first.
pub(crate) fn texts(portal: &TestPortal, who: &str, chat: i64) -> Vec<String> {
    let mut texts: Vec<String> = messages(portal, who, chat)
        .iter()
        .map(|message| message["text"].as_str().unwrap().to_owned())
        .collect();
    texts.reverse();
    texts
}

/// `TYPE` of the counters, and the maps of chats: counted and muted ones.
pub(crate) fn counters(portal: &TestPortal, who: &str) -> (Value, Value, Value) {
    let counters = portal.ok(who, "im.counters.get", json!({}));
    (
        counters["TYPE"]["ALL"].clone(),
        counters["CHAT"].clone(),
        counters["CHAT_MUTED"].clone(),
    )
}

/// Adds a person of the portal who has no webhook.
pub(crate) fn add_person(portal: &TestPortal, name: &str) -> i64 {
    let added: Result<UserId, Interrupt> = portal.run(people::id_of("ada"), {
        let name = name.to_owned();
        move |cx| {
            let [mut person, ..] = <[_; 5]>::try_from(people::everybody(START)).unwrap();
            person.kind = UserKind::Person;
            person.admin = false;
            person.name = name.clone();
            person.email = String::new();
            person.color = Color::Aqua.hex().to_owned();
            Ok(user::insert(cx.tx, &person)?)
        }
    });
    added.unwrap().get()
}

/// Nothing that is counted differs from a recount (rule R17).
pub(crate) fn recount(portal: &TestPortal) {
    let report = portal.portal.store.read(|tx| verify(tx, &mut |_, _| ()));
    assert_eq!(report.unwrap().drift, []);
}
