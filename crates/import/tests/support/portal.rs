//! Bringing exports into test portals, and what is in them then.

use std::sync::{Arc, Mutex};

use readmark_app::{
    counters,
    import::{Failure, Imported, Plan, import},
    verify::verify,
};
use readmark_import::slack::Export;
use readmark_model::{
    Seq, Timestamp, UserId, chat::Chat, member::Member, message::Message, user::User,
};
use readmark_store::StoreError;
use readmark_testkit::{
    TestPortal,
    rows::{chat, member, message, user},
};
use serde_json::json;

use super::{Archive, Bytes, said};

/// The first user that an import adds to a test portal, which has five people.
pub const MIA: UserId = UserId(6);
pub const NOOR: UserId = UserId(7);

/// Imports an archive.
pub fn bring(portal: &TestPortal, archive: &Archive) -> Result<Imported, Failure> {
    bring_from(portal, archive, None)
}

pub fn bring_from(
    portal: &TestPortal,
    archive: &Archive,
    unread_from: Option<Timestamp>,
) -> Result<Imported, Failure> {
    let export = archive.open().unwrap();
    let plan = Plan {
        source: "slack".into(),
        fingerprint: export.fingerprint().into(),
        unread_from,
        now: portal.tick(),
    };
    bring_export(portal, export, plan)
}

fn bring_export(
    portal: &TestPortal,
    export: Export<Bytes>,
    plan: Plan,
) -> Result<Imported, Failure> {
    let export = Arc::new(Mutex::new(export));
    portal.portal.store.write(move |tx| {
        let mut export = export.lock().unwrap();
        import(tx, &mut *export, &plan, &mut |_| ())
    })
}

/// Everything of a portal that an import may change.
#[derive(Debug)]
pub struct Everything {
    pub users: Vec<User>,
    pub chats: Vec<Chat>,
    pub members: Vec<Vec<Member>>,
    pub messages: Vec<Vec<Message>>,
}

pub fn everything(portal: &TestPortal) -> Everything {
    let loaded: Result<Everything, StoreError> = portal.portal.store.read(|tx| {
        let ids = chat::list_ids(tx)?;
        let mut all = Everything {
            users: user::list(tx)?,
            chats: Vec::new(),
            members: Vec::new(),
            messages: Vec::new(),
        };
        for id in ids {
            all.chats.extend(chat::find(tx, id)?);
            all.members.push(member::list(tx, id)?);
            all.messages
                .push(message::list_after(tx, id, Seq::ZERO, 10_000)?);
        }
        Ok(all)
    });
    loaded.unwrap()
}

pub fn assert_no_drift(portal: &TestPortal) {
    let report = portal
        .portal
        .store
        .read(|tx| verify(tx, &mut |_, _| ()))
        .unwrap();
    assert_eq!(report.drift, []);
}

/// Texts of the only chat.
pub fn texts(portal: &TestPortal) -> Vec<String> {
    let messages = everything(portal).messages.concat();
    messages.into_iter().map(|message| message.text).collect()
}

/// Two messages and three notices, the last of which ends the chat.
pub fn with_notices() -> Archive {
    Archive::small().day(
        "2024-03-01",
        json!([
            {"ts": "1709280001.0", "user": "U1", "subtype": "channel_join", "text": "<@U1> has joined the channel"},
            said("U1", "1709280002.0", "welcome"),
            {"ts": "1709280003.0", "user": "U2", "subtype": "channel_topic", "text": "set the topic"},
            said("U2", "1709280004.0", "thanks"),
            {"ts": "1709280005.0", "user": "U2", "subtype": "pinned_item", "text": "pinned"},
        ]),
    )
}

pub fn unread(portal: &TestPortal, of: UserId) -> i64 {
    portal.run(of, counters::totals).unwrap().chats
}
