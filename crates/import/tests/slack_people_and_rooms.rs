//! Who was in a Slack workspace and where, on both stores.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use readmark_app::counters;
use readmark_model::{ChatKind, Role, Timestamp, UserId, UserKind};
use readmark_testkit::for_each_store;
use serde_json::json;
use support::{
    Archive,
    portal::{MIA, NOOR, assert_no_drift, bring, bring_from, everything},
    said, user,
};

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
        let totals = portal.run(UserId(1), counters::totals).unwrap();
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
