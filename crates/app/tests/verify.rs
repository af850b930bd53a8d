//! `readmark verify` (rule R17): no drift whatever users do, and every kind of damage is found, on both stores.
//!
//! Damage is done by SQL, as no operation of the program does any.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use readmark_app::{
    Cx, Random, access,
    chat::{create, members},
    dialog::{self, read::Viewing},
    message::{
        delete::{self, Deletion},
        send::{self, Draft},
    },
    recent,
    verify::{Check, Drift, Report, verify},
};
use readmark_model::{ChatId, ChatKind, DialogId, MessageId, MessageKind, UserId};
use readmark_store::{
    StoreError, params,
    repo::{chat, member, reaction},
    store::TxError,
};
use readmark_testkit::{TestPortal, for_each_store, portal::FixedRandom};

const ADA: UserId = UserId(1);
const BEN: UserId = UserId(2);
const CHO: UserId = UserId(3);
/// Comes from outside.
const EVA: UserId = UserId(5);

/// The group chat of every test, and the private one of Ada and Ben.
const GROUP: ChatId = ChatId(1);
const PRIVATE: ChatId = ChatId(2);

fn recount(portal: &TestPortal) -> Report {
    portal
        .portal
        .store
        .read(|tx| verify(tx, &mut |_, _| ()))
        .unwrap()
}

fn make_group(portal: &TestPortal) -> ChatId {
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

fn private_chat(portal: &TestPortal) -> ChatId {
    let made = portal.run(ADA, |cx| access::resolve(cx, DialogId::User(BEN)));
    made.unwrap().unwrap()
}

fn say(portal: &TestPortal, author: UserId, chat: ChatId) -> MessageId {
    let sent = portal.run(author, move |cx| {
        let draft = Draft {
            kind: MessageKind::Post,
            text: "some words to find",
            params: "{}",
            reply: None,
            uuid: None,
        };
        send::send(cx, chat, &draft)
    });
    sent.unwrap()
}

fn note(portal: &TestPortal, chat: ChatId) {
    portal
        .run(ADA, move |cx| {
            send::notice(cx, chat, "something happened", "{}")
        })
        .unwrap();
}

fn read(portal: &TestPortal, reader: UserId, chat: ChatId, up_to: Option<MessageId>) {
    portal
        .run(reader, move |cx| {
            dialog::read::read(cx, chat, up_to, Viewing::Recorded)
        })
        .unwrap();
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
fn lived_in(portal: &TestPortal) -> Vec<MessageId> {
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

#[test]
fn r17_a_portal_in_use_has_no_drift() {
    for_each_store(|portal| {
        lived_in(portal);
        let report = recount(portal);
        assert_eq!(report.drift, []);
        let counted = (
            report.users,
            report.chats,
            report.members,
            report.messages,
            report.views,
        );
        assert_eq!(counted, (5, 2, 6, 7, 2));
    });
}

#[test]
fn progress_ends_where_it_said_it_would() {
    for_each_store(|portal| {
        lived_in(portal);
        let steps = portal.portal.store.read(|tx| {
            let mut steps = Vec::new();
            verify(tx, &mut |done, of| steps.push((done, of)))?;
            Ok::<_, StoreError>(steps)
        });
        let steps = steps.unwrap();
        assert_eq!((steps[0], steps[steps.len() - 1]), ((0, 7), (7, 7)));
        assert!(steps.is_sorted());
    });
}

/// A statement that damages a portal as [`lived_in`] leaves it, and a check that must find it.
type Damage = (Check, &'static str);

const DAMAGES: &[Damage] = &[
    (Check::Tail, "UPDATE chats SET last_seq = 8 WHERE id = 1"),
    (
        Check::Tail,
        "UPDATE chats SET last_post_seq = 6 WHERE id = 1",
    ),
    (
        Check::Tail,
        "UPDATE chats SET last_message_id = 1 WHERE id = 1",
    ),
    (
        Check::Tail,
        "UPDATE chats SET last_message_seq = 6 WHERE id = 1",
    ),
    (
        Check::Tail,
        "UPDATE chats SET last_activity_at = last_activity_at + 1 WHERE id = 1",
    ),
    (
        Check::MessageCount,
        "UPDATE chats SET message_count = message_count + 1 WHERE id = 1",
    ),
    (
        Check::MemberCount,
        "UPDATE chats SET member_count = 3 WHERE id = 1",
    ),
    (
        Check::ExtranetCount,
        "UPDATE chats SET extranet_count = 0 WHERE id = 1",
    ),
    (
        Check::ExtranetCount,
        "UPDATE users SET extranet = 1 WHERE id = 3",
    ),
    (
        Check::Order,
        "UPDATE messages SET created_at = created_at + 3600000 WHERE chat_id = 1 AND seq = 2",
    ),
    (
        Check::Order,
        "UPDATE messages SET id = id + 100 WHERE chat_id = 1 AND seq = 2",
    ),
    (
        Check::Order,
        "UPDATE messages SET seq = 0 WHERE chat_id = 1 AND seq = 1",
    ),
    (
        Check::Uncounted,
        "DELETE FROM uncounted WHERE chat_id = 1 AND seq = 3",
    ),
    (
        Check::Uncounted,
        "DELETE FROM uncounted WHERE chat_id = 1 AND seq = 5",
    ),
    (
        Check::Uncounted,
        "INSERT INTO uncounted (chat_id, seq) VALUES (1, 2)",
    ),
    (
        Check::Uncounted,
        "INSERT INTO uncounted (chat_id, seq) VALUES (1, 0)",
    ),
    (
        Check::Uncounted,
        "UPDATE messages SET kind = 2 WHERE chat_id = 1 AND seq = 6",
    ),
    (
        Check::Author,
        "UPDATE messages SET author_id = 99 WHERE chat_id = 1 AND seq = 1",
    ),
    (
        Check::Tombstone,
        "UPDATE messages SET deleted = 1 WHERE chat_id = 1 AND seq = 1",
    ),
    (
        Check::Member,
        "UPDATE members SET user_id = 99 WHERE chat_id = 1 AND user_id = 3",
    ),
    (Check::Owner, "UPDATE chats SET owner_id = 2 WHERE id = 1"),
    (
        Check::Owner,
        "UPDATE members SET role = 1 WHERE chat_id = 1 AND user_id = 1",
    ),
    (
        Check::Owner,
        "UPDATE members SET role = 3 WHERE chat_id = 1 AND user_id = 2",
    ),
    (
        Check::Owner,
        "DELETE FROM members WHERE chat_id = 1 AND user_id = 1",
    ),
    (
        Check::PrivateChat,
        "DELETE FROM members WHERE chat_id = 2 AND user_id = 2",
    ),
    (
        Check::PrivateChat,
        "UPDATE chats SET private_high = 3 WHERE id = 2",
    ),
    (Check::PrivateChat, "UPDATE chats SET kind = 2 WHERE id = 2"),
    (Check::PrivateChat, "UPDATE chats SET kind = 1 WHERE id = 1"),
    (
        Check::ReadState,
        "UPDATE members SET cursor_seq = 8 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::ReadState,
        "UPDATE members SET cursor_seq = -1 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::ReadState,
        "UPDATE members SET viewed_seq = 9 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::ReadState,
        "UPDATE members SET visible_from_seq = 7 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::ReadState,
        "UPDATE members SET visible_from_seq = 0 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::ReadState,
        "UPDATE members SET marked_seq = 2 WHERE chat_id = 1 AND user_id = 2",
    ),
    (
        Check::ReadState,
        "UPDATE members SET hidden_seq = 8 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::Counter,
        "DELETE FROM uncounted WHERE chat_id = 1 AND seq = 3",
    ),
    (Check::Counter, "UPDATE chats SET last_seq = 8 WHERE id = 1"),
    (
        Check::Counter,
        "DELETE FROM messages WHERE chat_id = 1 AND seq = 7",
    ),
    (
        Check::FirstUnread,
        "UPDATE members SET visible_from_seq = 2 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::Totals,
        "DELETE FROM uncounted WHERE chat_id = 1 AND seq = 3",
    ),
    (
        Check::Totals,
        "UPDATE members SET hidden_seq = 6 WHERE chat_id = 1 AND user_id = 3; \
                     UPDATE chats SET last_post_seq = 6 WHERE id = 1",
    ),
    (
        Check::Recent,
        "DELETE FROM uncounted WHERE chat_id = 1 AND seq = 3",
    ),
    (
        Check::Recent,
        "UPDATE chats SET message_count = 0 WHERE id = 2",
    ),
    (
        Check::ViewRange,
        "UPDATE views SET from_seq = 1 WHERE chat_id = 1 AND from_seq = 2",
    ),
    (
        Check::ViewRange,
        "UPDATE views SET from_seq = 3 WHERE chat_id = 1 AND from_seq = 2",
    ),
    (
        Check::ViewRange,
        "UPDATE views SET to_seq = 9 WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::ViewRange,
        "UPDATE views SET user_id = 99 WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::ViewEnd,
        "UPDATE views SET to_seq = 3 WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::ViewEnd,
        "UPDATE views SET to_seq = 4 WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::ViewEnd,
        "UPDATE views SET viewed_at = 5 WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::Viewed,
        "UPDATE members SET viewed_seq = 1 WHERE chat_id = 1 AND user_id = 2",
    ),
    (
        Check::Viewed,
        "DELETE FROM views WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::Words,
        "DELETE FROM message_words WHERE chat_id = 1 AND word = 'find' AND seq = 7",
    ),
    (
        Check::Words,
        "UPDATE message_words SET word = 'lose' WHERE chat_id = 1 AND word = 'find' AND seq = 7",
    ),
    (
        Check::Words,
        "INSERT INTO message_words (chat_id, word, seq) VALUES (1, 'more', 7)",
    ),
    (
        Check::Words,
        "INSERT INTO message_words (chat_id, word, seq) VALUES (1, 'some', 3)",
    ),
    (
        Check::Words,
        "INSERT INTO message_words (chat_id, word, seq) VALUES (1, 'some', 50)",
    ),
    (Check::Orphan, "DELETE FROM chats WHERE id = 2"),
    (
        Check::Orphan,
        "INSERT INTO uncounted (chat_id, seq) VALUES (50, 1)",
    ),
    (
        Check::Orphan,
        "INSERT INTO message_words (chat_id, word, seq) VALUES (50, 'some', 1)",
    ),
    (
        Check::Orphan,
        "UPDATE views SET chat_id = 50 WHERE chat_id = 1 AND to_seq = 2",
    ),
    (
        Check::Orphan,
        "UPDATE members SET chat_id = 50 WHERE chat_id = 1 AND user_id = 3",
    ),
    (
        Check::Orphan,
        "UPDATE messages SET chat_id = 50 WHERE chat_id = 1 AND seq = 7",
    ),
];

/// How a transaction ends that was only tried.
enum Undone {
    Recounted(Box<Report>),
    Failed(StoreError),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl TxError for Undone {
    fn as_store(&self) -> Option<&StoreError> {
        match self {
            Self::Recounted(_) => None,
            Self::Failed(error) => Some(error),
        }
    }
}

/// What is found after the damage, which is undone again.
fn drift_after(portal: &TestPortal, statements: &'static str) -> Vec<Drift> {
    let undone: Result<(), Undone> = portal.portal.store.write(move |tx| {
        let mut rows = 0;
        for sql in statements.split(';') {
            rows += tx.execute(sql, params![])?;
        }
        assert!(rows > 0, "{statements} changes nothing");
        let report = verify(tx, &mut |_, _| ())?;
        Err(Undone::Recounted(Box::new(report)))
    });
    match undone {
        Err(Undone::Recounted(report)) => report.drift,
        Err(Undone::Failed(error)) => panic!("{statements}: {error}"),
        Ok(()) => unreachable!("the transaction is always undone"),
    }
}

fn assert_found(portal: &TestPortal, check: Check, statements: &'static str) {
    let drift = drift_after(portal, statements);
    let found: BTreeSet<&str> = drift.iter().map(|drift| drift.check.name()).collect();
    assert!(
        found.contains(check.name()),
        "{statements} on {:?} is found by {found:?}, not by {}",
        portal.kind,
        check.name()
    );
}

#[test]
fn r17_every_damage_is_found() {
    for_each_store(|portal| {
        lived_in(portal);
        for (check, statements) in DAMAGES {
            assert_found(portal, *check, statements);
        }
        assert_eq!(recount(portal).drift, []);
    });
}

/// The schema forbids such reactions, so that the rule has to go first.
#[test]
fn r17_reactions_to_nothing_are_found() {
    for_each_store(|portal| {
        lived_in(portal);
        let replaced = portal.portal.store.write(|tx| {
            tx.execute("DROP TABLE reactions", params![])?;
            tx.execute(
                "CREATE TABLE reactions (message_id BIGINT, user_id BIGINT, kind TEXT, created_at BIGINT)",
                params![],
            )?;
            tx.execute("INSERT INTO reactions VALUES (1, 2, 'like', 0)", params![])
        });
        replaced.unwrap();
        assert_eq!(recount(portal).drift, []);
        for statement in [
            "INSERT INTO reactions VALUES (500, 2, 'like', 0)",
            "UPDATE reactions SET user_id = 99",
        ] {
            assert_found(portal, Check::Reaction, statement);
        }
    });
}

#[test]
fn every_check_is_tried() {
    let tried: BTreeSet<Check> = DAMAGES
        .iter()
        .map(|(check, _)| *check)
        .chain([Check::Reaction])
        .collect();
    let all: BTreeSet<Check> = Check::ALL.iter().copied().collect();
    assert_eq!(tried, all);
    let names: BTreeSet<&str> = all.iter().map(|check| check.name()).collect();
    assert_eq!(names.len(), all.len());
}

#[test]
fn a_finding_names_the_check_the_place_and_both_numbers() {
    for_each_store(|portal| {
        lived_in(portal);
        let drift = drift_after(portal, "UPDATE chats SET message_count = 60 WHERE id = 1");
        let drift: Vec<String> = drift.iter().map(ToString::to_string).collect();
        assert_eq!(
            drift,
            ["message-count: chat 1: message_count is 60, recounted 6"]
        );
    });
}

/// Random numbers that are the same in every run.
#[derive(Default)]
struct Dice(FixedRandom);

impl Dice {
    /// From 0 up to `sides`, which is left out.
    fn roll(&self, sides: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        usize::from_le_bytes(bytes) % sides
    }
}

/// Runs a use case whose answer is not the question here.
fn act<T: Send + 'static, E: TxError>(
    portal: &TestPortal,
    user: UserId,
    f: impl FnMut(&mut Cx<'_>) -> Result<T, E> + Send + 'static,
) {
    if let Err(error) = portal.run(user, f) {
        assert!(error.as_store().is_none(), "the store failed");
    }
}

fn operate(portal: &TestPortal, dice: &Dice, ids: &mut Vec<MessageId>) {
    let user = [ADA, BEN, CHO, UserId(4)][dice.roll(4)];
    let chat = if dice.roll(4) == 0 { PRIVATE } else { GROUP };
    let role = portal
        .portal
        .store
        .read(move |tx| member::find_role(tx, chat, user));
    let id = ids
        .get(dice.roll(ids.len() + 1))
        .copied()
        .unwrap_or(MessageId(1));
    let yes = dice.roll(2) == 0;
    match dice.roll(14) {
        0..=3 if role.unwrap().is_some() => ids.push(say(portal, user, chat)),
        4 => note(portal, chat),
        5 => read(portal, user, chat, Some(id)),
        6 => read(portal, user, chat, None),
        7 => act(portal, user, move |cx| dialog::unread::unread(cx, chat, id)),
        8 => act(portal, user, move |cx| {
            delete::delete(cx, id, Deletion::ByRule)
        }),
        9 => join_or_leave(portal, user, yes),
        10 => act(portal, user, move |cx| recent::hide(cx, chat)),
        11 => act(portal, user, move |cx| recent::set_flag(cx, chat)),
        12 => act(portal, user, move |cx| {
            recent::mute(cx, DialogId::Chat(chat), yes)
        }),
        13 => act(portal, user, |cx| dialog::read_all::read_all(cx)),
        _ => {}
    }
}

fn join_or_leave(portal: &TestPortal, user: UserId, history_shown: bool) {
    portal
        .run(user, move |cx| {
            let Some(chat) = chat::find_locked(cx.tx, GROUP)? else {
                return Err(StoreError::Decode("the chat is missing"));
            };
            if !members::remove(cx, &chat, user)? {
                members::add(cx, &chat, &[user], history_shown)?;
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn r17_random_operations_leave_no_drift() {
    for_each_store(|portal| {
        assert_eq!((make_group(portal), private_chat(portal)), (GROUP, PRIVATE));
        let dice = Dice::default();
        let mut ids = Vec::new();
        for step in 0..600 {
            operate(portal, &dice, &mut ids);
            if step % 50 == 0 {
                assert_eq!(
                    recount(portal).drift,
                    [],
                    "after {step} operations on {:?}",
                    portal.kind
                );
            }
        }
        let report = recount(portal);
        assert_eq!(report.drift, []);
        assert!(report.messages > 80 && report.views > 10, "{report:?}");
    });
}
