//! A portal in which something of everything happened, to be recounted.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    dead_code,
    unreachable_pub,
    reason = "every test program uses another part of it"
)]

use readmark_app::{
    access,
    bot::{profile::Profile, register},
    chat::create,
    command,
    dialog::{self, read::Viewing},
    message::{
        delete::{self, Deletion},
        send::{self, Draft},
    },
    verify::{Report, verify},
};
use readmark_model::{
    BotKind, BotOwner, ChatId, ChatKind, DialogId, EventMode, MessageId, MessageKind,
    MessageParams, Timestamp, UserId,
    bot::{Bot, Generation, Handler, StreamEvent},
    chat::Entity,
    delivery::Attempt,
    message_params::Notice,
};
use readmark_store::{
    StoreError,
    repo::{
        bot,
        delivery::{self, NewDelivery},
        event_handler, reaction,
    },
};
use readmark_testkit::TestPortal;

pub const ADA: UserId = UserId(1);
pub const BEN: UserId = UserId(2);
pub const CHO: UserId = UserId(3);
/// Is an extranet user.
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
                entity: &Entity::default(),
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
            params: MessageParams::empty(),
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
            send::notice(cx, chat, "something happened", Notice::Other)
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

/// Registers a bot whose events are sent to an address of its own.
pub fn register_bot(portal: &TestPortal, generation: Generation, code: &'static str) -> Bot {
    let registered = portal.run(ADA, move |cx| {
        let url = format!("http://{code}.example/");
        let plan = register::Plan {
            owner: BotOwner::Application("local.1".to_owned()),
            code,
            kind: BotKind::Bot,
            event_mode: EventMode::Webhook,
            webhook_url: &url,
            hidden: false,
            reactions_enabled: false,
            openline: false,
            background: None,
            profile: Profile::default(),
            generation,
            handlers: &[(StreamEvent::MessageAdd, url.clone())],
        };
        register::register(cx, &plan)
    });
    drop(registered.unwrap());
    let found: Result<_, StoreError> = portal
        .portal
        .store
        .read(move |tx| bot::find_by_code(tx, code));
    found.unwrap().unwrap()
}

/// Events on their way to bots, by their numbers:
///
/// | number | to | state |
/// |---|---|---|
/// | 1 | a bot of the second generation | failed twice |
/// | 2 | the same, told of a read | waits |
/// | 3 | the same | given up |
/// | 4 | the same | given up, then told to be sent again |
/// | 5 | a bot of the first generation | waits |
/// | 6 | the same, a call of a command that is gone | waits |
/// | 7 | the same | delivered, and gone but for the log |
pub fn on_their_way(portal: &TestPortal) -> (Bot, Bot) {
    let second = register_bot(portal, Generation::Second, "keen");
    let first = register_bot(portal, Generation::First, "calm");
    let caller = first.clone();
    let called = portal.run(ADA, move |cx| {
        let plan = command::register::Plan {
            name: "tide",
            texts: &[],
            common: false,
            hidden: false,
            extranet_support: false,
            handler: None,
        };
        command::register::register(cx, &caller, &plan)
    });
    let called = called.unwrap().id;
    let ids = (first.user, second.user);
    let sent: Result<(), StoreError> = portal.portal.store.write(move |tx| {
        let (first, second) = ids;
        let messages = event_handler::find(tx, second, "ONIMBOTV2MESSAGEADD", 0)?.unwrap();
        let reads = Handler {
            event: "ONREADMARKMESSAGEREAD".to_owned(),
            ..messages.clone()
        };
        let early = event_handler::find(tx, first, "ONIMBOTMESSAGEADD", 0)?.unwrap();
        let calls = event_handler::find(tx, first, "ONIMCOMMANDADD", called)?.unwrap();
        for handler in [
            &messages, &reads, &messages, &messages, &early, &calls, &early,
        ] {
            let new = NewDelivery {
                handler,
                data: "{}",
                bot: "{}",
                acting_user: Some(BEN),
            };
            delivery::insert(tx, &new, Timestamp(1))?;
        }
        for (id, failed) in [(1, true), (1, true), (3, true), (4, true), (7, false)] {
            let found = delivery::find(tx, id)?.unwrap();
            assert!(delivery::claim(tx, &found, Timestamp(2), Timestamp(2))?);
            let attempt = Attempt {
                delivery: id,
                bot: found.bot,
                url: found.url,
                event: found.event,
                attempt: found.attempts + 1,
                attempted_at: Timestamp(2),
                duration: 5,
                status: if failed { 500 } else { 200 },
                error: if failed { "broken" } else { "" }.to_owned(),
            };
            delivery::insert_attempt(tx, &attempt)?;
            match id {
                7 => {
                    delivery::deliver(tx, id, attempt.attempt, Timestamp(7))?;
                    assert_eq!(delivery::delete_delivered(tx, Timestamp(8), 10)?, 1);
                }
                3 | 4 => delivery::give_up(tx, id, attempt.attempt)?,
                _ => {}
            }
        }
        assert!(delivery::replay(tx, 4, Timestamp(3))?);
        Ok(())
    });
    sent.unwrap();
    let owner = first.clone();
    portal
        .run(ADA, move |cx| {
            command::change::unregister(cx, &owner, called)
        })
        .unwrap();
    (second, first)
}
