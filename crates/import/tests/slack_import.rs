//! A Slack export in a portal, on both stores.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::{Arc, Mutex};

use readmark_app::{
    counters,
    import::{Failure, History, Imported, Plan, import},
    verify::verify,
};
use readmark_import::slack::Export;
use readmark_model::{ChatId, ChatKind, MessageKind, Role, Seq, Timestamp, UserId, UserKind};
use readmark_store::{
    StoreError,
    repo::{
        chat::{self, Chat},
        counter, import as record,
        member::{self, Member},
        message::{self, Message},
        reaction, user,
        user::User,
        word,
    },
};
use readmark_testkit::{TestPortal, for_each_store};
use serde_json::json;
use support::{Archive, Bytes, channel, said, user};

/// The first user that an import adds to a test portal, which has five people.
const MIA: UserId = UserId(6);
const NOOR: UserId = UserId(7);

/// Imports an archive.
fn bring(portal: &TestPortal, archive: &Archive) -> Result<Imported, Failure> {
    bring_from(portal, archive, None)
}

fn bring_from(
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
struct Everything {
    users: Vec<User>,
    chats: Vec<Chat>,
    members: Vec<Vec<Member>>,
    messages: Vec<Vec<Message>>,
}

fn everything(portal: &TestPortal) -> Everything {
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

fn assert_no_drift(portal: &TestPortal) {
    let report = portal
        .portal
        .store
        .read(|tx| verify(tx, &mut |_, _| ()))
        .unwrap();
    assert_eq!(report.drift, []);
}

/// Texts of the only chat.
fn texts(portal: &TestPortal) -> Vec<String> {
    let messages = everything(portal).messages.concat();
    messages.into_iter().map(|message| message.text).collect()
}

#[test]
fn users_keep_their_names_and_what_is_known_of_them() {
    for_each_store(|portal| {
        let users = json!([
            {
                "id": "U1", "name": "mia", "real_name": "Mia S.", "tz": "Europe/Oslo",
                "profile": {
                    "first_name": "Mia", "last_name": "Sørli", "email": "Mia@example.net", "title": "Keeper of keys",
                    "phone": "+47 22 00 00 00"
                }
            },
            {"id": "U2", "name": "noor", "deleted": true, "profile": {"display_name": "Noor van den Berg", "email": null}},
            {"id": "U3", "name": "courier", "is_bot": true, "profile": {"real_name": "Courier Service", "bot_id": "B3"}},
            {"id": "U4", "name": "guest", "is_ultra_restricted": true},
            {"id": "U5", "real_name": "Mia Twice", "profile": {"email": "mia@example.net"}},
        ]);
        let archive = Archive::small().json("users.json", users);
        let imported = bring(portal, &archive).unwrap();
        assert_eq!((imported.users, imported.known_users), (5, 0));
        let added = everything(portal).users.split_off(5);
        let names: Vec<_> = added
            .iter()
            .map(|user| (&*user.name, &*user.last_name))
            .collect();
        assert_eq!(
            names,
            [
                ("Mia", "Sørli"),
                ("Noor", "van den Berg"),
                ("Courier Service", ""),
                ("guest", ""),
                ("Mia", "Twice")
            ]
        );
        let mia = &added[0];
        assert_eq!(
            (
                &*mia.email,
                &*mia.work_position,
                &*mia.time_zone,
                &*mia.profile
            ),
            (
                "mia@example.net",
                "Keeper of keys",
                "Europe/Oslo",
                r#"{"WORK_PHONE":"+47 22 00 00 00"}"#
            )
        );
        assert!(mia.active && !mia.admin && !mia.extranet && mia.color.starts_with('#'));
        assert!(!added[1].active);
        assert_eq!(
            (added[2].kind, &*added[2].external_auth_id),
            (UserKind::Bot, "bot")
        );
        assert!(added[3].extranet);
        // An address belongs to one person.
        assert_eq!(added[4].email, "");
        assert_no_drift(portal);
    });
}

#[test]
fn who_is_known_by_the_email_stays_who_they_are() {
    for_each_store(|portal| {
        let users = json!([
            {"id": "U1", "real_name": "Somebody Else", "profile": {"email": "BEN@example.com"}},
            user("U2", "Noor Haddad"),
        ]);
        let archive = Archive::small().json("users.json", users).day(
            "2024-03-01",
            json!([said("U1", "1709280001.000100", "I am <@U1>")]),
        );
        let imported = bring(portal, &archive).unwrap();
        assert_eq!((imported.users, imported.known_users), (1, 1));
        let all = everything(portal);
        assert_eq!(
            (all.users.len(), all.users[1].full_name()),
            (6, "Ben Okafor".to_owned())
        );
        assert_eq!(all.messages[0][0].author, UserId(2));
        assert_eq!(all.messages[0][0].text, "I am [USER=2]Ben Okafor[/USER]");
        assert_no_drift(portal);
    });
}

#[test]
fn rooms_become_chats_of_their_kind_with_their_members() {
    for_each_store(|portal| {
        let general = json!({
            "id": "C1", "name": "general", "created": 1_709_280_000, "creator": "U2", "members": ["U1", "U2", "U1"],
            "purpose": {"value": "Plans &amp; <https://example.org|pages>"}, "topic": {"value": "spring"}
        });
        let archived = json!({"id": "C2", "name": "attic", "is_archived": true, "creator": "U9", "members": []});
        let archive = Archive::small()
            .json("channels.json", json!([general, archived]))
            .json(
                "groups.json",
                json!([{"id": "G1", "name": "kitchen", "creator": "U9", "members": ["U2"]}]),
            )
            .json(
                "mpims.json",
                json!([{"id": "G2", "name": "mpdm-mia--noor-1", "members": ["U1", "U2"]}]),
            )
            .json(
                "dms.json",
                json!([{"id": "D1", "members": ["U2", "U1"]}, {"id": "D2", "members": ["U1"]}]),
            )
            .json(
                "D1/2024-03-02.json",
                json!([said("U2", "1709366401.000100", "psst")]),
            );
        let imported = bring(portal, &archive).unwrap();
        assert_eq!((imported.chats, imported.messages), (6, 1));
        let all = everything(portal);
        let shown: Vec<_> = all
            .chats
            .iter()
            .map(|chat| (chat.kind, &*chat.title))
            .collect();
        assert_eq!(
            shown,
            [
                (ChatKind::Open, "general"),
                (ChatKind::Open, "attic"),
                (ChatKind::Group, "kitchen"),
                (ChatKind::Group, "Mia Sørli, Noor Haddad"),
                (ChatKind::Private, ""),
                (ChatKind::Private, ""),
            ]
        );
        let members = |at: usize| -> Vec<_> {
            all.members[at]
                .iter()
                .map(|member| (member.user, member.role))
                .collect()
        };
        assert_eq!(members(0), [(MIA, Role::Member), (NOOR, Role::Owner)]);
        assert_eq!(
            (&*all.chats[0].description, all.chats[0].owner),
            ("Plans & pages\nspring", NOOR)
        );
        assert_eq!(all.chats[0].created_at, Timestamp(1_709_280_000_000));
        // Nobody knows who made the attic, and nobody is in it.
        assert_eq!(members(1), []);
        assert_eq!(all.users[7].full_name(), "U9");
        assert!(!all.users[7].active && all.chats[1].owner == all.users[7].id);
        assert!(!all.chats[1].text_field_enabled && all.chats[0].text_field_enabled);
        assert_eq!(members(2), [(NOOR, Role::Owner)]);
        assert_eq!(all.chats[4].pair, Some((MIA, NOOR)));
        assert_eq!(members(4), [(MIA, Role::Member), (NOOR, Role::Member)]);
        assert_eq!(all.chats[5].pair, Some((MIA, MIA)));
        assert_no_drift(portal);
    });
}

#[test]
fn messages_stand_in_the_order_of_their_microseconds() {
    for_each_store(|portal| {
        let archive = Archive::small()
            .day(
                "2024-03-01",
                json!([
                    said("U1", "1709280001.000300", "third"),
                    said("U2", "1709280001.000100", "first"),
                    said("U1", "1709280001.000200", "second"),
                    said("U1", "1709366500.000000", "sixth"),
                ]),
            )
            .day(
                "2024-03-02",
                json!([
                    said("U1", "1709366401.5", "fifth"),
                    said("U1", "1709280001.000400", "fourth")
                ]),
            );
        bring(portal, &archive).unwrap();
        assert_eq!(
            texts(portal),
            ["first", "second", "third", "fourth", "fifth", "sixth"]
        );
        let all = everything(portal);
        let (messages, tail) = (&all.messages[0], all.chats[0].tail);
        assert_eq!(messages[0].created_at, Timestamp(1_709_280_001_000));
        assert_eq!(messages[4].created_at, Timestamp(1_709_366_401_500));
        assert_eq!(messages[0].author, NOOR);
        assert_eq!((tail.last_seq, tail.last_message), (Seq(6), messages[5].id));
        assert_eq!(all.chats[0].message_count, 6);
        assert_no_drift(portal);
    });
}

#[test]
fn a_message_that_stands_in_the_archive_twice_is_imported_once() {
    for_each_store(|portal| {
        let message = said("U1", "1709280001.000100", "once");
        let archive = Archive::small()
            .day("2024-03-01", json!([message, message]))
            .day("2024-03-02", json!([message]));
        assert_eq!(bring(portal, &archive).unwrap().messages, 1);
        assert_no_drift(portal);
    });
}

#[test]
fn mentions_lead_to_users_and_chats() {
    for_each_store(|portal| {
        let archive = Archive::small()
            .json(
                "channels.json",
                json!([
                    channel("C1", "general", &["U1"]),
                    channel("C2", "plans", &[])
                ]),
            )
            .day(
                "2024-03-01",
                json!([said(
                    "U1",
                    "1709280001.0",
                    "<@U2>: see <#C2|plans> or <#C2>, &lt;b&gt; \0 <@U7|otto>"
                )]),
            );
        bring(portal, &archive).unwrap();
        let all = everything(portal);
        let plans = all.chats[1].id;
        let expected = format!(
            "[USER=7]Noor Haddad[/USER]: see [CHAT={plans}]plans[/CHAT] or [CHAT={plans}]plans[/CHAT], <b>  @otto"
        );
        assert_eq!(all.messages[0][0].text, expected);
    });
}

#[test]
fn replies_edits_reactions_and_files_come_along() {
    for_each_store(|portal| {
        let archive = Archive::small().day(
            "2024-03-01",
            json!([
                {
                    "ts": "1709280001.000100", "thread_ts": "1709280001.000100", "user": "U1", "text": "question",
                    "reactions": [
                        {"name": "+1", "users": ["U2", "U9"], "count": 2},
                        {"name": "thumbsup", "users": ["U2"], "count": 1},
                        {"name": "fire", "users": ["U1"], "count": 1},
                        {"name": "company-logo", "users": ["U1"], "count": 1},
                    ]
                },
                {
                    "ts": "1709280002.000100", "thread_ts": "1709280001.000100", "user": "U2", "text": "answer",
                    "edited": {"user": "U2", "ts": "1709280009.000000"}
                },
                {"ts": "1709280003.000100", "thread_ts": "1709270000.000100", "user": "U2", "text": "to nobody"},
                {
                    "ts": "1709280004.000100", "user": "U1", "text": "", "subtype": "file_share",
                    "files": [
                        {"name": "plan.pdf", "permalink": "https://example.org/f/1", "url_private": "https://example.org/p/1"},
                        {"title": "Sketch", "name": null},
                    ]
                },
                {
                    "ts": "1709280005.000100", "user": "U1", "text": "look",
                    "attachments": [
                        {"title": "Build &amp; test", "title_link": "https://example.org/b/7", "text": "*passed*", "fallback": "passed"},
                        {"fallback": "preview", "from_url": "https://example.org"},
                    ]
                },
                {"ts": "1709280006.000100", "user": "U1", "subtype": "me_message", "text": "waves"},
                {"ts": "1709280007.000100", "user": "U1", "subtype": "tombstone", "text": "This message was deleted."},
            ]),
        );
        bring(portal, &archive).unwrap();
        let messages = everything(portal).messages.remove(0);
        let texts: Vec<_> = messages.iter().map(|message| &*message.text).collect();
        assert_eq!(
            texts,
            [
                "question",
                "answer",
                "to nobody",
                "[URL=https://example.org/f/1]plan.pdf[/URL]\nSketch",
                "look\n[URL=https://example.org/b/7]Build & test[/URL]\n[B]passed[/B]",
                "[I]waves[/I]",
                "",
            ]
        );
        assert_eq!(messages[1].reply, Some(messages[0].id));
        assert_eq!(messages[2].reply, None);
        assert_eq!(messages[1].edited_at, Some(Timestamp(1_709_280_009_000)));
        assert!(messages[6].deleted);
        let id = messages[0].id;
        let reactions = portal
            .portal
            .store
            .read(move |tx| reaction::list(tx, id))
            .unwrap();
        let reactions: Vec<_> = reactions
            .iter()
            .map(|found| (found.user, &*found.kind))
            .collect();
        assert_eq!(reactions, [(MIA, "fire"), (NOOR, "like")]);
        assert_no_drift(portal);
    });
}

#[test]
fn whoever_is_not_in_the_list_of_users_gets_a_stand_in() {
    for_each_store(|portal| {
        let archive = Archive::small().day(
            "2024-03-01",
            json!([
                {"ts": "1709280001.0", "user": "U8", "text": "a", "user_profile": {"real_name": "Otto Gone"}},
                {"ts": "1709280002.0", "subtype": "bot_message", "bot_id": "B1", "username": "Feed", "text": "b"},
                {"ts": "1709280003.0", "subtype": "bot_message", "bot_id": "B1", "username": "Feed again", "text": "c"},
                {"ts": "1709280004.0", "subtype": "bot_message", "username": "Hook", "text": "d"},
                {"ts": "1709280005.0", "user": "USLACKBOT", "text": "e"},
                {"ts": "1709280006.0", "text": "f"},
                {"ts": "1709280007.0", "user": "U8", "text": "g"},
            ]),
        );
        bring(portal, &archive).unwrap();
        let all = everything(portal);
        let shown: Vec<_> = all.messages[0]
            .iter()
            .map(|message| {
                let author = all
                    .users
                    .iter()
                    .find(|user| user.id == message.author)
                    .unwrap();
                assert!(!author.active);
                (author.full_name(), author.kind == UserKind::Bot)
            })
            .collect();
        let expected = [
            ("Otto Gone", false),
            ("Feed", true),
            ("Feed", true),
            ("Hook", true),
            ("Slackbot", true),
            ("Unknown", false),
            ("Otto Gone", false),
        ];
        assert_eq!(shown, expected.map(|(name, bot)| (name.to_owned(), bot)));
        assert_eq!(all.users.len(), 5 + 2 + 5);
        assert_no_drift(portal);
    });
}

/// Two messages and three notices, the last of which ends the chat.
fn with_notices() -> Archive {
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

#[test]
fn r2_what_happened_becomes_notices_that_never_count() {
    for_each_store(|portal| {
        bring_from(portal, &with_notices(), Some(Timestamp(0))).unwrap();
        let all = everything(portal);
        let kinds: Vec<_> = all.messages[0].iter().map(|message| message.kind).collect();
        let (notice, post) = (MessageKind::Notice, MessageKind::Post);
        assert_eq!(kinds, [notice, post, notice, post, notice]);
        assert_eq!(
            all.messages[0][0].text,
            "[USER=6]Mia Sørli[/USER] has joined the channel"
        );
        assert_eq!(all.chats[0].tail.last_post_seq, Seq(4));
        // Everything is unread, own messages and notices do not count.
        assert_eq!(unread(portal, MIA), 1);
        assert_eq!(unread(portal, NOOR), 1);
        assert_no_drift(portal);
    });
}

fn unread(portal: &TestPortal, of: UserId) -> i64 {
    portal.run(of, |cx| counters::totals(cx)).unwrap().chats
}

#[test]
fn r5_everybody_has_read_everything_after_the_import_and_viewed_nothing() {
    for_each_store(|portal| {
        bring(portal, &with_notices()).unwrap();
        let all = everything(portal);
        for member in &all.members[0] {
            assert_eq!(
                (member.read.cursor, member.read.viewed),
                (Seq(5), Seq::ZERO)
            );
            assert_eq!(member.read.visible_from, Seq(1));
        }
        assert_eq!((unread(portal, MIA), unread(portal, NOOR)), (0, 0));
        assert_no_drift(portal);
    });
}

#[test]
fn what_was_said_from_a_date_on_stays_unread_for_the_others() {
    for_each_store(|portal| {
        let archive = Archive::small()
            .day(
                "2024-03-01",
                json!([
                    said("U1", "1709280001.0", "old"),
                    said("U1", "1709280002.0", "old")
                ]),
            )
            .day(
                "2024-03-02",
                json!([
                    said("U1", "1709337600.000000", "at midnight"),
                    said("U2", "1709337601.0", "later"),
                    said("U1", "1709337602.0", "last"),
                ]),
            );
        bring_from(portal, &archive, Some(Timestamp(1_709_337_600_000))).unwrap();
        assert_eq!((unread(portal, MIA), unread(portal, NOOR)), (1, 2));
        let first = portal
            .portal
            .store
            .read(|tx| counter::find_first_unread(tx, ChatId(1), NOOR, Seq(2)))
            .unwrap();
        assert_eq!(first, Some(everything(portal).messages[0][2].id));
        assert_no_drift(portal);
    });
}

#[test]
fn a_date_after_everything_leaves_nothing_unread() {
    for_each_store(|portal| {
        bring_from(portal, &with_notices(), Some(Timestamp(1_800_000_000_000))).unwrap();
        assert_eq!((unread(portal, MIA), unread(portal, NOOR)), (0, 0));
    });
}

#[test]
fn messages_are_found_by_their_words() {
    for_each_store(|portal| {
        let many = (0..300)
            .map(|n| format!("word{n}"))
            .collect::<Vec<_>>()
            .join(" ");
        let archive = Archive::small().day(
            "2024-03-01",
            json!([
                said("U1", "1709280001.0", "*Bergamot* tea"),
                said("U1", "1709280002.0", &many)
            ]),
        );
        bring(portal, &archive).unwrap();
        let found = |word: &'static str| {
            let seqs = portal.portal.store.read(move |tx| {
                word::list_seqs(tx, ChatId(1), word, Seq(1), word::Direction::Forward, 10)
            });
            seqs.unwrap()
        };
        assert_eq!(found("bergamot"), [Seq(1)]);
        assert_eq!(found("word0"), [Seq(2)]);
        assert_eq!(found("word299"), [Seq(2)]);
        assert_no_drift(portal);
    });
}

#[test]
fn an_archive_is_imported_only_once() {
    for_each_store(|portal| {
        bring(portal, &with_notices()).unwrap();
        let before = format!("{:?}", everything(portal));
        let again = bring(portal, &with_notices());
        assert!(matches!(again, Err(Failure::AlreadyImported { .. })));
        assert_eq!(format!("{:?}", everything(portal)), before);
        let recorded = portal.portal.store.read(|tx| record::list(tx)).unwrap();
        assert_eq!(recorded.len(), 1);
        assert_eq!(
            (recorded[0].users, recorded[0].chats, recorded[0].messages),
            (2, 1, 5)
        );
    });
}

/// An export whose last message cannot be read any more.
struct Failing(Export<Bytes>);

impl History for Failing {
    fn people(&self) -> &[readmark_app::import::Person] {
        self.0.people()
    }

    fn rooms(&self) -> &[readmark_app::import::Room] {
        self.0.rooms()
    }

    fn posts(
        &mut self,
        room: usize,
        each: &mut dyn FnMut(readmark_app::import::Post) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.0.posts(room, each)?;
        Err(Failure::Unreadable(
            "general/2024-03-01.json: is gone".into(),
        ))
    }
}

#[test]
fn an_import_that_fails_at_its_end_leaves_nothing_behind() {
    for_each_store(|portal| {
        let before = format!("{:?}", everything(portal));
        let mut failing = Failing(with_notices().open().unwrap());
        let plan = Plan {
            source: "slack".into(),
            fingerprint: failing.0.fingerprint().into(),
            unread_from: None,
            now: portal.tick(),
        };
        let failed = portal
            .portal
            .store
            .write(move |tx| import(tx, &mut failing, &plan, &mut |_| ()));
        assert_eq!(
            failed.unwrap_err().to_string(),
            "general/2024-03-01.json: is gone"
        );
        assert_eq!(format!("{:?}", everything(portal)), before);
        assert!(
            portal
                .portal
                .store
                .read(|tx| record::list(tx))
                .unwrap()
                .is_empty()
        );
        // And nothing stands in the way of a second attempt.
        bring(portal, &with_notices()).unwrap();
        assert_no_drift(portal);
    });
}

/// The private chat of Ada and Ben, who are people of the portal.
fn between_known_people() -> Archive {
    let users = json!([
        {"id": "U1", "real_name": "Ada", "profile": {"email": "ada@example.com"}},
        {"id": "U2", "real_name": "Ben", "profile": {"email": "ben@example.com"}},
    ]);
    Archive::small()
        .json("users.json", users)
        .without("channels.json")
        .json("dms.json", json!([{"id": "D1", "members": ["U1", "U2"]}]))
        .json(
            "D1/2024-03-01.json",
            json!([
                said("U1", "1709280001.0", "psst"),
                said("U2", "1709280002.0", "yes?")
            ]),
        )
}

#[test]
fn a_private_chat_that_was_never_written_to_is_filled() {
    for_each_store(|portal| {
        portal.ok("ada", "im.dialog.get", json!({"DIALOG_ID": "2"}));
        bring_from(portal, &between_known_people(), Some(Timestamp(0))).unwrap();
        let all = everything(portal);
        assert_eq!((all.chats.len(), all.messages[0].len()), (1, 2));
        let totals = portal.run(UserId(1), |cx| counters::totals(cx)).unwrap();
        assert_eq!(totals.by_dialog, [(UserId(2), 1)]);
        assert_no_drift(portal);
    });
}

#[test]
fn a_private_chat_in_use_is_not_mixed_with_another_history() {
    for_each_store(|portal| {
        portal.ok(
            "ada",
            "im.message.add",
            json!({"DIALOG_ID": "2", "MESSAGE": "hello"}),
        );
        let before = format!("{:?}", everything(portal));
        let refused = bring(portal, &between_known_people())
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("users 1 and 2 have messages in their private chat"),
            "{refused}"
        );
        assert_eq!(format!("{:?}", everything(portal)), before);
    });
}

#[test]
fn what_belongs_to_no_chat_is_passed_over_and_named() {
    let archive = Archive::small()
        .json("integration_logs.json", json!([]))
        .json("general/canvas.json", json!({}))
        .json("FC:F1/2024-03-01.json", json!([]))
        .json("lost/2024-03-01.json", json!([]))
        .json("lost/2024-03-02.json", json!([]));
    assert_eq!(
        archive.open().unwrap().skipped(),
        ["FC:F1/", "general/canvas.json", "lost/"]
    );
}
