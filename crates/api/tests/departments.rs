//! Departments, on both stores.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Barrier;

use readmark_app::departments;
use readmark_model::{Event, UserId};
use readmark_testkit::{TestPortal, for_each_store};
use serde_json::{Value, json};

/// Adds a department; answers its id.
fn add(portal: &TestPortal, name: &str, parent: i64) -> i64 {
    let new = json!({ "NAME": name, "PARENT": parent });
    portal.ok("ada", "department.add", new).as_i64().unwrap()
}

/// Adds somebody who is in these departments; answers the id.
fn hire(portal: &TestPortal, email: &str, departments: &[i64]) -> i64 {
    let new = json!({ "EMAIL": email, "UF_DEPARTMENT": departments });
    portal.ok("ada", "user.add", new).as_i64().unwrap()
}

fn departments_of(portal: &TestPortal, user: i64) -> Value {
    portal.ok("ada", "im.user.get", json!({ "ID": user }))["departments"].clone()
}

#[test]
fn pages_of_fifty_follow_each_other() {
    for_each_store(|portal| {
        for number in 1..=60 {
            let new = json!({ "NAME": format!("Team {number}"), "PARENT": 1 });
            portal.ok("ada", "department.add", new);
        }
        let first = portal.ok("ben", "department.get", json!({}));
        assert_eq!(first.as_array().map(Vec::len), Some(50));
        let second = portal.ok("ben", "department.get", json!({ "start": 50 }));
        assert_eq!(second.as_array().map(Vec::len), Some(11));
        assert_eq!(second[0]["NAME"], "Team 50");
    });
}

#[test]
fn a_refused_department_changes_nothing() {
    for_each_store(|portal| {
        let before = portal.ok("ada", "department.get", json!({}));
        let _ = portal.error(
            "ben",
            "department.add",
            json!({ "NAME": "Mine", "PARENT": 1 }),
        );
        let _ = portal.error(
            "ada",
            "department.add",
            json!({ "NAME": "Lost", "PARENT": 9 }),
        );
        assert_eq!(portal.ok("ada", "department.get", json!({})), before);
    });
}

#[test]
fn what_was_in_a_deleted_department_goes_to_the_one_above() {
    for_each_store(|portal| {
        let yard = add(portal, "Yard", 1);
        let sails = add(portal, "Sails", yard);
        let cloth = add(portal, "Cloth", sails);
        let one = hire(portal, "fay@example.com", &[sails]);
        let both = hire(portal, "gil@example.com", &[cloth, sails, yard]);
        let other = hire(portal, "hal@example.com", &[cloth]);
        let gone = hire(portal, "ivy@example.com", &[1, sails]);
        portal.ok("ada", "user.update", json!({ "ID": gone, "ACTIVE": "N" }));
        let before = portal.ok("ada", "user.get", json!({ "ID": other }));
        portal.ok("ada", "department.delete", json!({ "ID": sails }));
        assert_eq!(departments_of(portal, one), json!([yard]));
        assert_eq!(departments_of(portal, both), json!([cloth, yard]));
        assert_eq!(departments_of(portal, other), json!([cloth]));
        assert_eq!(departments_of(portal, gone), json!([1, yard]));
        assert_eq!(portal.ok("ada", "user.get", json!({ "ID": other })), before);
        let full = portal.ok("ada", "im.department.get", json!({ "ID": [sails, cloth] }));
        assert_eq!(full.as_array().unwrap().len(), 1);
        assert_eq!(
            full[0]["full_name"]
                .as_str()
                .unwrap()
                .matches(" / ")
                .count(),
            2
        );
        let by = UserId(1);
        let (added, others): (Vec<_>, Vec<_>) = portal
            .events()
            .into_iter()
            .filter(|event| !matches!(event, Event::UserAdded { .. }))
            .partition(|event| matches!(event, Event::DepartmentAdded { .. }));
        let new = [yard, sails, cloth].map(|department| Event::DepartmentAdded { department, by });
        assert_eq!(added, new);
        // Who was dismissed first, then those who are moved.
        let updated = |user: i64| Event::UserUpdated { user: UserId(user) };
        let department = sails;
        assert_eq!(
            others,
            [
                updated(gone),
                updated(one),
                updated(both),
                updated(gone),
                Event::DepartmentDeleted { department, by }
            ]
        );
    });
}

#[test]
fn a_refused_change_changes_nothing() {
    for_each_store(|portal| {
        let yard = add(portal, "Yard", 1);
        let sails = add(portal, "Sails", yard);
        let before = portal.ok("ada", "department.get", json!({}));
        let events = || portal.events().len();
        let told = events();
        for change in [
            json!({ "ID": yard, "NAME": "Mine", "PARENT": sails }),
            json!({ "ID": yard, "NAME": "Mine", "UF_HEAD": 5 }),
            json!({ "ID": 1, "NAME": "Mine", "PARENT": sails }),
            json!({ "ID": sails, "NAME": "Mine", "PARENT": 99 }),
        ] {
            let _ = portal.error("ada", "department.update", change);
        }
        let _ = portal.error("ada", "department.delete", json!({ "ID": 1 }));
        let _ = portal.error("ben", "department.delete", json!({ "ID": sails }));
        portal.ok(
            "ada",
            "department.update",
            json!({ "ID": sails, "NAME": "Sails" }),
        );
        assert_eq!(portal.ok("ada", "department.get", json!({})), before);
        assert_eq!(events(), told);
    });
}

#[test]
fn bots_are_no_people_of_the_company() {
    for_each_store(|portal| {
        let fields = json!({ "code": "clerk", "botToken": "t0ken-of-the-clerk", "properties": { "name": "Clerk" } });
        let bot = portal.ok(
            "ada",
            "imbot.v2.Bot.register",
            json!({ "fields": fields, "botToken": "t0ken-of-the-clerk" }),
        );
        let bot = UserId(bot["bot"]["id"].as_i64().unwrap());
        let credentials = portal.token("local.clerk", bot, "of the bot");
        for method in [
            "im.department.get",
            "im.department.managers.get",
            "im.department.employees.get",
            "im.department.colleagues.list",
        ] {
            let answer = portal.call_with(credentials, method, &json!({ "ID": [1] }));
            assert_eq!(
                (answer.status, answer.error.unwrap().0.as_str()),
                (403, "ACCESS_ERROR"),
                "{method}"
            );
        }
        let staff = portal.ok("ada", "im.department.employees.get", json!({ "ID": [1] }));
        assert_eq!(staff, json!({ "1": [1, 2, 3, 4] }));
        let found = portal.ok("ada", "im.department.colleagues.list", json!({}));
        assert_eq!(found, json!([2, 3, 4]));
    });
}

#[test]
fn many_people_are_answered_as_few_are() {
    for_each_store(|portal| {
        let yard = add(portal, "Yard", 1);
        let ids: Vec<i64> = (0..120)
            .map(|number| hire(portal, &format!("hand{number}@example.com"), &[yard]))
            .collect();
        let plain = portal.ok(
            "ben",
            "im.department.employees.get",
            json!({ "ID": [yard] }),
        );
        assert_eq!(plain[yard.to_string()], json!(ids));
        let full = portal.ok(
            "ben",
            "im.department.employees.get",
            json!({ "ID": [yard], "USER_DATA": "Y" }),
        );
        let rows = full[yard.to_string()].as_array().unwrap();
        let shown: Vec<_> = rows.iter().map(|row| row["id"].as_i64().unwrap()).collect();
        assert_eq!(shown, ids);
        let one = portal.ok("ben", "im.user.get", json!({ "ID": ids[60] }));
        assert_eq!(rows[60], one);
    });
}

/// Runs two calls at the same time, as ada; answers whether each succeeded.
fn race(portal: &TestPortal, calls: [(&str, Value); 2]) -> [bool; 2] {
    let start = Barrier::new(2);
    std::thread::scope(|scope| {
        let started = calls.map(|(method, params)| {
            let start = &start;
            let method = method.to_owned();
            scope.spawn(move || {
                start.wait();
                portal.call("ada", &method, &params).status == 200
            })
        });
        started.map(|thread| thread.join().unwrap())
    })
}

#[test]
fn two_departments_are_never_moved_below_each_other() {
    for_each_store(|portal| {
        for round in 0..10 {
            let (hen, egg) = (
                add(portal, &format!("Hen {round}"), 1),
                add(portal, &format!("Egg {round}"), 1),
            );
            let done = race(
                portal,
                [
                    ("department.update", json!({ "ID": hen, "PARENT": egg })),
                    ("department.update", json!({ "ID": egg, "PARENT": hen })),
                ],
            );
            assert_eq!(done.iter().filter(|done| **done).count(), 1);
        }
        let all = portal.ok(
            "ben",
            "im.search.department.list",
            json!({ "FIND": "", "LIMIT": 50 }),
        );
        assert_eq!(
            all.as_array().unwrap().len(),
            21,
            "every department hangs on the root"
        );
    });
}

#[test]
fn nothing_hangs_on_a_department_that_is_deleted_at_the_same_time() {
    for_each_store(|portal| {
        for round in 0..10 {
            let yard = add(portal, &format!("Yard {round}"), 1);
            let done = race(
                portal,
                [
                    ("department.delete", json!({ "ID": yard })),
                    (
                        "department.add",
                        json!({ "NAME": format!("Shed {round}"), "PARENT": yard }),
                    ),
                ],
            );
            assert!(done[0]);
            let yard = add(portal, &format!("Second yard {round}"), 1);
            let done = race(
                portal,
                [
                    ("department.delete", json!({ "ID": yard })),
                    ("user.update", json!({ "ID": 2, "UF_DEPARTMENT": [yard] })),
                ],
            );
            assert!(done[0]);
        }
        let all = portal
            .portal
            .store
            .read(|tx| departments::list(tx))
            .unwrap();
        assert!(all.iter().all(|one| {
            one.parent
                .is_none_or(|id| all.iter().any(|other| other.id == id))
        }));
        assert_eq!(departments_of(portal, 2), json!([1]));
    });
}
