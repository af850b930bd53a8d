//! Departments, on both stores.

use readmark_testkit::for_each_store;
use serde_json::json;

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
