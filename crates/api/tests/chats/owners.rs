//! Owners who hand over, leave and come back.

use readmark_model::Role;
use readmark_testkit::{TestPortal, for_each_store};
use serde_json::{Value, json};

use crate::{
    message_support::{dialog, set_role},
    support::{add, group, invite, leave, members, recount},
};

fn role(portal: &TestPortal, who: &str, chat: i64) -> Value {
    dialog(portal, who, chat)["role"].clone()
}

#[test]
fn handing_over_leaves_one_owner_and_an_ordinary_member() {
    for_each_store(|portal| {
        let chat = group(portal, "ada", &[2, 3]);
        let hand_over = |who: &str, to: i64| {
            let params = json!({"DIALOG_ID": format!("chat{chat}"), "USER_ID": to});
            portal
                .call(who, "im.chat.setOwner", &params)
                .error
                .map(|error| error.0)
        };
        assert_eq!(hand_over("ada", 1), None);
        assert_eq!(role(portal, "ada", chat), "owner");
        assert_eq!(hand_over("ada", 2), None);
        assert_eq!(
            (role(portal, "ada", chat), role(portal, "ben", chat)),
            (json!("member"), json!("owner"))
        );
        let seen = dialog(portal, "cho", chat);
        assert_eq!(
            (&seen["owner"], &seen["manager_list"]),
            (&json!(2), &json!([2]))
        );
        assert_eq!(hand_over("ada", 1).as_deref(), Some("WRONG_REQUEST"));
        assert_eq!(hand_over("ben", 4).as_deref(), Some("WRONG_REQUEST"));
        recount(portal);
    });
}

#[test]
fn the_oldest_manager_follows_an_owner_who_leaves_else_the_oldest_member() {
    for_each_store(|portal| {
        // Cho joins before Ben, Dev before both becomes a manager last.
        let chat = group(portal, "ada", &[4]);
        invite(portal, "ada", chat, &[3], "N");
        invite(portal, "ada", chat, &[2], "N");
        set_role(portal, chat, "ben", Role::Manager);
        leave(portal, "ada", chat);
        assert_eq!(role(portal, "ben", chat), "owner");
        leave(portal, "ben", chat);
        assert_eq!(role(portal, "dev", chat), "owner");
        assert_eq!(dialog(portal, "cho", chat)["owner"], 4);
        portal.ok(
            "dev",
            "im.chat.user.delete",
            json!({"CHAT_ID": chat, "USER_ID": 4}),
        );
        assert_eq!(role(portal, "cho", chat), "owner");
        recount(portal);
    });
}

#[test]
fn a_chat_that_everybody_left_is_seen_by_nobody() {
    for_each_store(|portal| {
        let bound = json!({"ENTITY_TYPE": "TASKS", "ENTITY_ID": 7});
        let chat = add(portal, "ada", bound.clone());
        leave(portal, "ada", chat);
        let get = json!({"DIALOG_ID": format!("chat{chat}")});
        assert_eq!(
            portal.error("ada", "im.dialog.get", get),
            (403, "ACCESS_ERROR".into())
        );
        assert_eq!(portal.ok("ada", "im.chat.get", bound), Value::Null);
        let back = json!({"CHAT_ID": chat, "USERS": [1]});
        assert_eq!(
            portal.error("ada", "im.chat.user.add", back),
            (403, "ACCESS_ERROR".into())
        );

        // An open one belongs to the first who joins it again.
        let open = add(portal, "ada", json!({"TYPE": "OPEN"}));
        leave(portal, "ada", open);
        assert_eq!(members(portal, "ben", open), json!([]));
        invite(portal, "ben", open, &[2], "Y");
        assert_eq!(role(portal, "ben", open), "owner");
        assert_eq!(dialog(portal, "cho", open)["owner"], 2);
        recount(portal);
    });
}

#[test]
fn managers_remove_members_and_only_the_owner_removes_managers() {
    for_each_store(|portal| {
        let chat = group(portal, "ada", &[2, 3, 4]);
        set_role(portal, chat, "ben", Role::Manager);
        set_role(portal, chat, "cho", Role::Manager);
        let remove = |who: &str, user: i64| {
            let params = json!({"CHAT_ID": chat, "USER_ID": user});
            portal
                .call(who, "im.chat.user.delete", &params)
                .error
                .map(|error| error.0)
        };
        assert_eq!(remove("ben", 3).as_deref(), Some("ACCESS_DENIED_KICK"));
        assert_eq!(remove("ben", 1).as_deref(), Some("ACCESS_DENIED_KICK"));
        assert_eq!(remove("dev", 2).as_deref(), Some("ACCESS_DENIED_KICK"));
        assert_eq!(remove("ben", 4), None);
        assert_eq!(remove("ben", 4).as_deref(), Some("USER_NOT_FOUND"));
        assert_eq!(remove("ada", 3), None);
        assert_eq!(members(portal, "ada", chat), json!([1, 2]));
        recount(portal);
    });
}
