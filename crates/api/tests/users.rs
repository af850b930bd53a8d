//! Base methods and methods of users: what is more than one request and one response.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use readmark_api::{call::credentials::Credentials, methods::shared::people::listing::PAGE};
use readmark_app::{
    Interrupt,
    access::WORKGROUP,
    chat::{create, people::MemberPage},
    file, users,
};
use readmark_model::{ChatId, ChatKind, Scopes, Timestamp, UserId, chat::Entity, file::PublicFile};
use readmark_store::StoreError;
use readmark_testkit::{Answered, StoreKind, TestPortal, for_each_store, people, rows::user};
use serde_json::{Value, json};

/// The ids in a list of people.
fn ids(list: &Value) -> Vec<i64> {
    let rows = list.as_array().expect("a list");
    let id = |row: &Value| row["ID"].as_str().and_then(|id| id.parse().ok());
    rows.iter().map(|row| id(row).expect("an id")).collect()
}

/// Ben's second webhook, which has only these scopes.
fn narrow(portal: &TestPortal, scopes: &'static str) -> Credentials {
    let scopes = Scopes::parse(scopes).unwrap();
    portal.webhook(UserId(2), scopes, "narrow")
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    file.extend(width.to_be_bytes());
    file.extend(height.to_be_bytes());
    file
}

/// The file behind a link.
fn file_at(portal: &TestPortal, link: &str) -> Option<PublicFile> {
    let token = link
        .strip_prefix("https://portal.example/file/")?
        .to_owned();
    let found: Result<_, StoreError> = portal.run(UserId(1), move |cx| file::find(cx.tx, &token));
    found.unwrap()
}

#[test]
fn the_scope_decides_which_fields_are_shown_and_asked_for() {
    for_each_store(|portal| {
        let brief = narrow(portal, "user_brief");
        let call = |method: &str, params: Value| portal.call_with(brief, method, &params);
        let me = call("user.current", json!({})).result;
        assert_eq!(me["NAME"], "Ben");
        assert!(me.get("EMAIL").is_none() && me.get("LAST_LOGIN").is_none());
        let fields = call("user.fields", json!({})).result;
        assert!(fields.get("EMAIL").is_none() && fields.get("TIME_ZONE").is_some());
        let chosen = call("user.get", json!({ "ID": 1, "select": ["ID", "EMAIL"] }));
        assert_eq!(chosen.result, json!([{ "ID": "1" }]));
        for key in ["EMAIL", "!EMAIL", "%EMAIL"] {
            let guess = call("user.get", json!({ "FILTER": { key: "ada@example.com" } }));
            assert_eq!((guess.result, guess.total), (json!([]), Some(0)), "{key}");
        }
        let added = call("user.add", json!({ "EMAIL": "fay@example.com" }));
        assert_eq!(added.status, 401);
        assert_eq!(added.error.unwrap().0, "insufficient_scope");
    });
}

#[test]
fn methods_are_told_apart_by_scope() {
    for_each_store(|portal| {
        let brief = narrow(portal, "user_brief");
        let call = |method: &str, params: Value| portal.call_with(brief, method, &params).result;
        assert_eq!(call("scope", json!({})), json!(["user_brief"]));
        let facts = call("method.get", json!({ "name": "user.add" }));
        assert_eq!(facts, json!({ "isExisting": true, "isAvailable": false }));
        let names = |params: Value| -> Vec<String> {
            serde_json::from_value(call("methods", params)).unwrap()
        };
        let has = |names: &[String], name: &str| names.iter().any(|other| other == name);
        let mine = names(json!({}));
        assert!(has(&mine, "batch") && has(&mine, "profile") && has(&mine, "user.get"));
        assert!(!has(&mine, "user.add") && !has(&mine, "im.user.get"));
        let all = names(json!({ "full": true }));
        assert!(has(&all, "user.add") && has(&all, "im.user.get") && has(&all, "batch"));
        let base = names(json!({ "scope": "" }));
        assert!(has(&base, "batch") && has(&base, "profile") && !has(&base, "user.get"));
    });
}

/// Adds people beside the five who are there.
fn crowd(portal: &TestPortal, count: usize) {
    let added: Result<(), StoreError> = portal.run(UserId(1), move |cx| {
        let somebody = people::everybody(cx.now).remove(1);
        for number in 0..count {
            let mut person = somebody.clone();
            person.name = format!("Walker {:03}", (number * 7) % count);
            person.email = format!("walker{number}@example.com");
            user::insert(cx.tx, &person)?;
        }
        Ok(())
    });
    added.unwrap();
}

#[test]
fn pages_are_exact() {
    for_each_store(|portal| {
        crowd(portal, 2 * PAGE);
        let page = |start: usize| -> Answered {
            let filter = json!({ "%NAME": "walker" });
            let params = json!({ "FILTER": filter, "start": start, "sort": "NAME", "order": "DESC", "select": ["ID", "NAME"] });
            portal.call("ben", "user.get", &params)
        };
        let (first, second, third) = (page(0), page(PAGE), page(2 * PAGE));
        assert_eq!((first.total, first.next), (Some(100), Some(50)));
        assert_eq!((second.total, second.next), (Some(100), None));
        assert_eq!(
            (third.result, third.total, third.next),
            (json!([]), Some(100), None)
        );
        let both = [&first.result, &second.result];
        let names: Vec<String> = both
            .iter()
            .flat_map(|page| page.as_array().unwrap())
            .map(|row| row["NAME"].as_str().unwrap().to_owned())
            .collect();
        let mut expected: Vec<String> = (0..100).map(|n| format!("Walker {n:03}")).collect();
        expected.reverse();
        assert_eq!(names, expected);
    });
}

#[test]
fn walking_by_id_sees_everybody_once_in_either_direction() {
    for_each_store(|portal| {
        crowd(portal, 2 * PAGE);
        let walk = |key: &str, order: &str, from: i64| {
            let (mut seen, mut last) = (Vec::new(), from);
            loop {
                let params = json!({ "start": -1, "filter": { key: last }, "order": { "ID": order }, "select": ["ID"] });
                let answered = portal.call("ben", "user.get", &params);
                assert_eq!((answered.total, answered.next), (None, None));
                let page = ids(&answered.result);
                assert!(page.len() <= PAGE);
                let Some(end) = page.last() else {
                    return seen;
                };
                last = *end;
                seen.extend(page);
            }
        };
        let up: Vec<i64> = (1..=105).collect();
        assert_eq!(walk(">ID", "ASC", 0), up);
        let down: Vec<i64> = up.into_iter().rev().collect();
        assert_eq!(walk("<ID", "DESC", i64::MAX), down);
    });
}

#[test]
fn who_is_dismissed_can_do_nothing_until_taken_back() {
    for_each_store(|portal| {
        let set =
            |active: &str| portal.ok("ada", "user.update", json!({ "ID": 2, "ACTIVE": active }));
        set("N");
        let refused = portal.error("ben", "server.time", json!({}));
        assert_eq!(refused, (401, "INVALID_CREDENTIALS".to_owned()));
        let rest = portal.ok(
            "ada",
            "user.get",
            json!({ "ACTIVE": "Y", "select": ["ID"] }),
        );
        assert_eq!(ids(&rest), [1, 3, 4, 5]);
        let dismissed = portal.ok(
            "ada",
            "user.get",
            json!({ "ACTIVE": false, "select": ["ID"] }),
        );
        assert_eq!(ids(&dismissed), [2]);
        set("Y");
        portal.ok("ben", "server.time", json!({}));
    });
}

#[test]
fn the_last_administrator_stays() {
    for_each_store(|portal| {
        let dismiss = json!({ "ID": 1, "ACTIVE": "N" });
        portal.error("ada", "user.update", dismiss.clone());
        portal.ok("ada", "user.admin", json!({}));
        let promoted: Result<(), StoreError> = portal.run(UserId(1), |cx| {
            let mut ben = user::find(cx.tx, UserId(2))?.expect("Ben");
            ben.admin = true;
            user::update(cx.tx, &ben)
        });
        promoted.unwrap();
        portal.ok("ben", "user.update", dismiss);
    });
}

#[test]
fn of_two_administrators_who_dismiss_each_other_at_once_one_stays() {
    for_each_store(|portal| {
        let promoted: Result<(), StoreError> = portal.run(UserId(1), |cx| {
            let mut ben = user::find(cx.tx, UserId(2))?.expect("Ben");
            ben.admin = true;
            user::update(cx.tx, &ben)
        });
        promoted.unwrap();
        std::thread::scope(|scope| {
            for (who, whom) in [("ada", 2), ("ben", 1)] {
                let params = json!({ "ID": whom, "ACTIVE": "N" });
                scope.spawn(move || portal.call(who, "user.update", &params));
            }
        });
        let active: Result<Vec<bool>, StoreError> = portal.run(UserId(3), |cx| {
            let people = users::list(cx.tx)?;
            Ok(people
                .iter()
                .filter(|person| person.admin)
                .map(|person| person.active)
                .collect())
        });
        assert_eq!(active.unwrap().iter().filter(|active| **active).count(), 1);
    });
}

#[test]
fn a_photo_is_stored_replaced_and_taken_away() {
    for_each_store(|portal| {
        let set = |photo: Value| {
            portal.ok(
                "ada",
                "user.update",
                json!({ "ID": 3, "PERSONAL_PHOTO": photo }),
            );
            let user = portal.ok("ben", "im.user.get", json!({ "ID": 3 }));
            user["avatar"].as_str().expect("a link").to_owned()
        };
        let small = set(json!(["small.png", STANDARD.encode(png(8, 8))]));
        let stored = file_at(portal, &small).expect("the first photo");
        assert_eq!(
            (stored.media_type.as_str(), stored.content),
            ("image/png", png(8, 8))
        );
        let large = set(json!(["large.png", STANDARD.encode(png(900, 900))]));
        assert_ne!(small, large);
        assert_eq!(file_at(portal, &small), None);
        assert_eq!(
            file_at(portal, &large).map(|file| file.content),
            Some(png(900, 900))
        );
        assert_eq!(set(json!("")), "");
        assert_eq!(file_at(portal, &large), None);
    });
}

#[test]
fn what_is_refused_changes_nothing() {
    for_each_store(|portal| {
        // The calls themselves are activities of ada.
        let stored = || portal.ok("ada", "user.get", json!({ "!ID": 1 }));
        let before = stored();
        let photo = json!(["x.png", "bm9uZQ=="]);
        for params in [
            json!({ "ID": 2, "NAME": "Changed", "PERSONAL_PHOTO": photo }),
            json!({ "ID": 2, "NAME": "Changed", "EMAIL": "cho@example.com" }),
            json!({ "ID": 2, "NAME": "Changed", "PERSONAL_BIRTHDAY": "never" }),
        ] {
            assert_eq!(portal.error("ada", "user.update", params).0, 400);
        }
        let new =
            json!({ "EMAIL": "fay@example.com", "UF_DEPARTMENT": 1, "PERSONAL_PHOTO": photo });
        portal.error("ada", "user.add", new);
        assert_eq!(stored(), before);
    });
}

/// A chat of a workgroup, with Ada in it.
fn workgroup_chat(portal: &TestPortal, group: &'static str) -> ChatId {
    let made: Result<_, Interrupt> = portal.run(UserId(1), move |cx| {
        let entity = Entity {
            kind: WORKGROUP.to_owned(),
            id: group.to_owned(),
            ..Entity::default()
        };
        let plan = create::Plan {
            kind: ChatKind::Group,
            title: "Pier",
            description: "",
            color: "#64a513",
            avatar: "",
            entity: &entity,
            owner: UserId(1),
            managers: &[],
            members: &[],
        };
        Ok(create::create(cx, &plan)?)
    });
    made.unwrap()
}

#[test]
fn an_extranet_user_is_added_to_the_chats_of_workgroups_and_sees_only_these() {
    for_each_store(|portal| {
        let chat = workgroup_chat(portal, "8");
        let params = json!({ "EMAIL": "gus@example.org", "NAME": "Gus", "EXTRANET": "Y", "SONET_GROUP_ID": [8, 9], "UF_DEPARTMENT": 1 });
        let gus = UserId(portal.ok("ada", "user.add", params).as_i64().unwrap());
        let row = portal.ok("ada", "im.user.get", json!({ "ID": gus.get() }));
        assert_eq!(
            (&row["extranet"], &row["departments"]),
            (&json!(true), &json!([]))
        );
        for departments in [json!([1]), json!([77])] {
            let params =
                json!({ "ID": gus.get(), "LAST_NAME": "Ray", "UF_DEPARTMENT": departments });
            portal.ok("ada", "user.update", params);
            let row = portal.ok("ada", "im.user.get", json!({ "ID": gus.get() }));
            assert_eq!(
                (&row["last_name"], &row["departments"]),
                (&json!("Ray"), &json!([]))
            );
        }
        let as_gus = portal.webhook(gus, Scopes::all(), "gus");
        let members = portal.run(UserId(1), move |cx| -> Result<_, StoreError> {
            user::list_member_page(
                cx.tx,
                chat,
                MemberPage {
                    after: UserId(0),
                    bots: true,
                    offset: 0,
                    limit: 1000,
                },
            )
        });
        let members: Vec<_> = members.unwrap().iter().map(|user| user.id).collect();
        assert_eq!(members, [UserId(1), gus]);
        let seen = portal.call_with(as_gus, "user.get", &json!({ "select": ["ID"] }));
        assert_eq!(
            (ids(&seen.result), seen.total),
            (vec![1, gus.get()], Some(2))
        );
        let several = portal.call_with(as_gus, "im.user.list.get", &json!({ "ID": [1, 2, 3] }));
        assert_eq!(
            several
                .result
                .as_object()
                .unwrap()
                .keys()
                .collect::<Vec<_>>(),
            ["1"]
        );
    });
}

#[test]
fn online_is_who_did_something_within_ten_minutes() {
    for_each_store(|portal| {
        let act = |at: Timestamp| {
            let done: Result<(), StoreError> = portal.run(UserId(1), move |cx| {
                user::update_activity(cx.tx, UserId(2), at)
            });
            done.unwrap();
        };
        let online = || {
            ids(&portal.ok(
                "cho",
                "user.get",
                json!({ "IS_ONLINE": "Y", "!ID": 3, "select": ["ID"] }),
            ))
        };
        assert!(online().is_empty());
        let now = portal.tick();
        act(now);
        act(Timestamp(now.get() - 3_600_000));
        assert_eq!(online(), [2]);
        portal.shift_clock(9 * 60 * 1000);
        assert_eq!(online(), [2]);
        portal.shift_clock(60 * 1000);
        assert!(online().is_empty());
    });
}

#[test]
fn of_two_who_add_the_same_email_at_once_one_is_refused() {
    for_each_store(|portal| {
        let params = json!({ "EMAIL": "fay@example.com", "UF_DEPARTMENT": 1 });
        let answers: Vec<Answered> = std::thread::scope(|scope| {
            let calls: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| portal.call("ada", "user.add", &params)))
                .collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        let added = answers
            .iter()
            .filter(|answered| answered.status == 200)
            .count();
        assert_eq!(added, 1);
        let refused = answers
            .iter()
            .filter_map(|answered| answered.error.as_ref());
        for (code, text) in refused {
            assert_eq!(
                (code.as_str(), text.as_str()),
                ("ERROR_ARGUMENT", "A user with this email already exists")
            );
        }
        let found = portal.ok("ben", "user.get", json!({ "EMAIL": "fay@example.com" }));
        assert_eq!(found.as_array().unwrap().len(), 1);
    });
}

#[test]
fn bots_are_no_people() {
    let portal = TestPortal::new(StoreKind::Sqlite);
    let fields = json!({ "code": "lantern", "botToken": "lantern-secret-token", "properties": { "name": "Lantern" } });
    let bot = portal.ok("ada", "imbot.v2.Bot.register", json!({ "fields": fields }));
    let id = &bot["bot"]["id"];
    let refused = portal.call("ada", "user.update", &json!({ "ID": id, "NAME": "Person" }));
    assert_eq!(refused.error.unwrap().1, "User not found");
    assert_eq!(portal.ok("ada", "user.get", json!({ "ID": id })), json!([]));
    assert_eq!(
        portal.ok("ada", "im.user.get", json!({ "ID": id }))["name"],
        "Lantern"
    );
}
