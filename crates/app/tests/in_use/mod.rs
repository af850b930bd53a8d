//! A portal in which something of everything happened, to be recounted.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    dead_code,
    unreachable_pub,
    reason = "every test program uses another part of it"
)]

use readmark_app::{
    access,
    chat::create,
    dialog::{self, read::Viewing},
    message::{
        delete::{self, Deletion},
        send::{self, Draft},
    },
    verify::{Report, verify},
};
use readmark_model::{ChatId, ChatKind, DialogId, MessageId, MessageKind, UserId};
use readmark_store::repo::{chat, reaction};
use readmark_testkit::TestPortal;

pub const ADA: UserId = UserId(1);
pub const BEN: UserId = UserId(2);
pub const CHO: UserId = UserId(3);
/// Comes from outside.
pub const EVA: UserId = UserId(5);

/// The group chat of every test, and the private one of Ada and Ben.
pub const GROUP: ChatId = ChatId(1);
pub const PRIVATE: ChatId = ChatId(2);

pub fn recount(portal: &TestPortal) -> Report {
    portal
        .portal
        .store
        .read(|tx| verify(tx, &mut |_, _| ()))
        .unwrap()
}

pub fn make_group(portal: &TestPortal) -> ChatId {
    let made = portal.run(ADA, |cx| {
        create::create(
            cx,
            &create::Plan {
                kind: ChatKind::Group,
                title: "keepers",
                description: "",
                color: "#ffffff",
                avatar: "",
                entity: &chat::Entity::default(),
                owner: ADA,
                managers: &[],
                members: &[BEN, CHO, EVA],
            },
        )
    });
    made.unwrap()
}

pub fn private_chat(portal: &TestPortal) -> ChatId {
    let made = portal.run(ADA, |cx| access::resolve(cx, DialogId::User(BEN)));
    made.unwrap().unwrap()
}

pub fn say(portal: &TestPortal, author: UserId, chat: ChatId) -> MessageId {
    let sent = portal.run(author, move |cx| {
        let draft = Draft {
            kind: MessageKind::Post,
            text: "some words to find, [USER=2]Ben[/USER], in [CHAT=1]Keepers[/CHAT]",
            params: "{}",
            reply: None,
            uuid: None,
        };
        send::send(cx, chat, &draft)
    });
    sent.unwrap()
}

pub fn note(portal: &TestPortal, chat: ChatId) {
    portal
        .run(ADA, move |cx| {
            send::notice(cx, chat, "something happened", "{}")
        })
        .unwrap();
}

pub fn read(portal: &TestPortal, reader: UserId, chat: ChatId, up_to: Option<MessageId>) {
    portal
        .run(reader, move |cx| {
            dialog::read::read(cx, chat, up_to, Viewing::Recorded)
        })
        .unwrap();
}

/// A third chat, with so many messages that the words of most are indexed.
pub const TALKATIVE: ChatId = ChatId(3);

/// Makes [`TALKATIVE`]: 64 messages are indexed, one is not.
pub fn talk_much(portal: &TestPortal) {
    assert_eq!(make_group(portal), TALKATIVE);
    for _ in 0..65 {
        say(portal, ADA, TALKATIVE);
    }
}

/// A portal with something of everything:
///
/// | seq | group chat |
/// |---|---|
/// | 1, 2 | Ada, viewed by Ben |
/// | 3 | a notice |
/// | 4 | Ben |
/// | 5 | gone |
/// | 6, 7 | Ada, unread for Ben, whose mark is on 6 |
pub fn lived_in(portal: &TestPortal) -> Vec<MessageId> {
    assert_eq!((make_group(portal), private_chat(portal)), (GROUP, PRIVATE));
    let mut ids = vec![say(portal, ADA, GROUP), say(portal, ADA, GROUP)];
    read(portal, BEN, GROUP, Some(ids[0]));
    read(portal, BEN, GROUP, None);
    note(portal, GROUP);
    ids.push(say(portal, BEN, GROUP));
    let gone = say(portal, ADA, GROUP);
    portal
        .run(ADA, move |cx| delete::delete(cx, gone, Deletion::Complete))
        .unwrap();
    ids.extend([say(portal, ADA, GROUP), say(portal, ADA, GROUP)]);
    let mark = ids[3];
    portal
        .run(BEN, move |cx| dialog::unread::unread(cx, GROUP, mark))
        .unwrap();
    say(portal, BEN, PRIVATE);
    let liked = ids[0];
    portal
        .run(BEN, move |cx| {
            reaction::insert(cx.tx, liked, BEN, "like", cx.now)
        })
        .unwrap();
    ids
}
