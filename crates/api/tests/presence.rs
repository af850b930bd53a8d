//! Who is there: what the golden files cannot show, on both stores.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use readmark_app::{presence::ONLINE, users};
use readmark_model::{Event, Timestamp, User, UserId};
use readmark_store::StoreError;
use readmark_testkit::{TestPortal, for_each_store, people, rows::user};
use serde_json::{Value, json};

const MINUTE: i64 = 60 * 1000;

fn stored(portal: &TestPortal, who: &str) -> User {
    let id = people::id_of(who);
    let found = portal.portal.store.read(move |tx| users::find(tx, id));
    found.unwrap().unwrap()
}

fn change(portal: &TestPortal, who: &str, edit: fn(&mut User)) {
    let mut user = stored(portal, who);
    edit(&mut user);
    let written: Result<(), StoreError> =
        portal.portal.store.write(move |tx| user::update(tx, &user));
    written.unwrap();
}

fn flush(portal: &TestPortal) {
    let presence = &portal.portal.context.presence;
    presence.flush(&portal.portal.store).unwrap();
}

/// How often anything was told about a user.
fn told(portal: &TestPortal, who: &str) -> usize {
    let user = people::id_of(who);
    let events = portal.events().into_iter();
    let about = events.filter(|event| *event == Event::UserUpdated { user });
    about.count()
}

#[test]
fn activity_is_seen_at_once_and_written_later() {
    for_each_store(|portal| {
        let seen = |who: i64| {
            portal.ok("ada", "im.user.get", json!({ "ID": who }))["last_activity_date"].clone()
        };
        assert_eq!(seen(2), false);
        let now = portal.tick();
        portal.ok("ben", "profile", json!({}));
        let shown = seen(2);
        assert!(shown.is_string(), "{shown}");
        assert_eq!(stored(portal, "ben").last_activity_at, None);
        flush(portal);
        let written = stored(portal, "ben").last_activity_at.unwrap();
        assert_eq!(written.get(), now.get() + 1000);
        assert_eq!(seen(2), shown);
        // Once more, after which nothing is kept in memory.
        flush(portal);
        assert_eq!(seen(2), shown);
        portal.ok("ben", "profile", json!({}));
        let later = seen(2);
        assert_ne!(later, shown);
        // A store that knows something later, from another server, is believed.
        change(portal, "ben", |user| {
            user.last_activity_at = Some(Timestamp(4_102_444_800_000));
        });
        assert_eq!(seen(2), "2100-01-01T00:00:00+00:00");
        flush(portal);
        assert_eq!(seen(2), "2100-01-01T00:00:00+00:00");
    });
}

#[test]
fn a_call_that_is_refused_is_an_activity_and_wrong_credentials_are_none() {
    for_each_store(|portal| {
        let seen = |who: i64| {
            portal.ok("ada", "im.user.get", json!({ "ID": who }))["last_activity_date"].clone()
        };
        let wrong = readmark_api::call::credentials::Credentials::webhook(UserId(3), "guess");
        assert_eq!(portal.call_with(wrong, "profile", &json!({})).status, 401);
        assert_eq!(seen(3), false);
        let _ = portal.error("cho", "no.such.method", json!({}));
        assert!(seen(3).is_string());
    });
}

#[test]
fn people_are_online_for_ten_minutes() {
    for_each_store(|portal| {
        let online = || {
            let params = json!({ "FILTER": { "IS_ONLINE": "Y" }, "select": ["ID", "IS_ONLINE"] });
            let list = portal.ok("ada", "user.get", params);
            let rows = list.as_array().unwrap();
            assert!(rows.iter().all(|row| row["IS_ONLINE"] == "Y"));
            rows.iter()
                .map(|row| row["ID"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        portal.ok("ben", "profile", json!({}));
        assert_eq!(online(), ["1", "2"]);
        portal.shift_clock(ONLINE - 3000);
        assert_eq!(online(), ["1", "2"]);
        portal.shift_clock(2000);
        flush(portal);
        assert_eq!(online(), ["1"]);
        portal.ok("ben", "profile", json!({}));
        assert_eq!(online(), ["1", "2"]);
        change(portal, "ben", |user| user.active = false);
        assert_eq!(online(), ["1"]);
    });
}

#[test]
fn an_absence_is_shown_until_it_ends() {
    for_each_store(|portal| {
        let seen = |method: &str, params: Value| portal.ok("ada", method, params);
        change(portal, "ben", |user| {
            user.absent_until = Some(Timestamp(
                readmark_testkit::portal::START.get() + 30 * MINUTE,
            ));
        });
        portal.ok(
            "ada",
            "im.message.add",
            json!({ "DIALOG_ID": "2", "MESSAGE": "Enjoy the sea" }),
        );
        let end = "2026-01-15T09:30:00+00:00";
        let everywhere = || {
            [
                seen("im.user.get", json!({ "ID": 2 }))["absent"].clone(),
                seen("im.user.list.get", json!({ "ID": [2] }))["2"]["absent"].clone(),
                seen("im.dialog.users.list", json!({ "DIALOG_ID": "2" }))[1]["absent"].clone(),
                seen("im.recent.list", json!({}))["items"][0]["user"]["absent"].clone(),
            ]
        };
        assert_eq!(everywhere(), [end; 4]);
        portal.shift_clock(31 * MINUTE);
        assert_eq!(everywhere(), [false; 4]);
    });
}

#[test]
fn a_status_that_does_not_change_is_told_to_nobody() {
    for_each_store(|portal| {
        let set =
            |status: &str| portal.ok("ben", "im.user.status.set", json!({ "STATUS": status }));
        set("online");
        portal.ok("ben", "im.user.status.idle.end", json!({}));
        assert_eq!(told(portal, "ben"), 0);
        set("dnd");
        set("dnd");
        assert_eq!(told(portal, "ben"), 1);
        portal.ok("ben", "im.user.status.idle.start", json!({}));
        portal.ok("ben", "im.user.status.idle.end", json!({}));
        portal.ok("ben", "im.user.status.idle.end", json!({}));
        assert_eq!(told(portal, "ben"), 3);
        let _ = portal.error("ben", "im.user.status.set", json!({ "STATUS": "asleep" }));
        assert_eq!(portal.ok("ben", "im.user.status.get", json!({})), "dnd");
        assert_eq!(stored(portal, "ben").status, "dnd");
        assert_eq!(told(portal, "ben"), 3);
    });
}

#[test]
fn a_status_that_cannot_be_chosen_is_none() {
    for_each_store(|portal| {
        change(portal, "ben", |user| user.status = "elsewhere".to_owned());
        assert_eq!(portal.ok("ben", "im.user.status.get", json!({})), false);
    });
}
