//! `im.chat.add`, `im.chat.get`.

use readmark_testkit::for_each_store;
use serde_json::{Value, json};

use crate::{
    message_support::{dialog, messages, send},
    support::{add, counters, group, members, recount, texts},
};

#[test]
fn a_chat_that_nobody_names_is_named_after_its_colour_or_its_people() {
    for_each_store(|portal| {
        let name = |params: Value| {
            let chat = add(portal, "ada", params);
            (dialog(portal, "ada", chat)["name"].clone(), chat)
        };
        let (alone, id) = name(json!({"COLOR": "LIGHT_BLUE"}));
        assert_eq!(alone, format!("Light blue chat №{id}"));
        let (with_others, _) = name(json!({"USERS": [3, 2], "TITLE": " \n"}));
        assert_eq!(with_others, "Chat with Cho Ishida, Ben Okafor");
        let (alone_after_all, id) = name(json!({"USERS": [1, 404], "COLOR": "MINT"}));
        assert_eq!(alone_after_all, format!("Mint chat №{id}"));
        let (long, _) = name(json!({"TITLE": "ж".repeat(300)}));
        assert_eq!(long, "ж".repeat(255));
        let (number, _) = name(json!({"TITLE": 2026}));
        assert_eq!(number, "2026");
    });
}

#[test]
fn a_chat_with_others_begins_with_a_notice_that_never_counts() {
    for_each_store(|portal| {
        let params = json!({"TITLE": "Harbour", "USERS": [2, 3], "MESSAGE": "Welcome"});
        let chat = add(portal, "ada", params);
        let seen = messages(portal, "ben", chat);
        let [message, notice] = &seen[..] else {
            panic!("{seen:?}")
        };
        assert_eq!(
            (&message["text"], &message["author_id"]),
            (&json!("Welcome"), &json!(1))
        );
        assert_eq!(
            notice["text"],
            "[USER=1 REPLACE]Ada Brandt[/USER] invited [USER=2 REPLACE]Ben Okafor[/USER], \
             [USER=3 REPLACE]Cho Ishida[/USER] to the chat"
        );
        assert_eq!(notice["author_id"], 0);
        assert_eq!(
            notice["params"],
            json!({"CODE": ["CHAT_JOIN"], "NOTIFY": "N"})
        );
        assert_eq!(dialog(portal, "ben", chat)["counter"], 1);
        assert_eq!(dialog(portal, "ada", chat)["counter"], 0);
        assert_eq!(counters(portal, "cho").0, 1);

        // Who is alone is told nothing.
        let alone = add(portal, "ada", json!({}));
        assert_eq!(dialog(portal, "ada", alone)["message_count"], 0);
        recount(portal);
    });
}

#[test]
fn who_cannot_be_invited_is_passed_over() {
    for_each_store(|portal| {
        portal.ok("ada", "user.update", json!({"ID": 4, "ACTIVE": "N"}));
        let chat = group(portal, "ben", &[404, 4, 3, 3, 2]);
        assert_eq!(members(portal, "ben", chat), json!([2, 3]));

        // An extranet user invites only those of shared chats.
        let alone = add(portal, "eva", json!({"USERS": [1, 2]}));
        assert_eq!(members(portal, "eva", alone), json!([5]));
        group(portal, "ben", &[5]);
        let shared = add(portal, "eva", json!({"USERS": [1, 2]}));
        assert_eq!(members(portal, "eva", shared), json!([2, 5]));
        assert_eq!(dialog(portal, "ben", shared)["extranet"], true);
        recount(portal);
    });
}

#[test]
fn everything_that_was_asked_for_is_stored() {
    for_each_store(|portal| {
        let picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ";
        let params = json!({
            "TITLE": "Deal\0s\nhere", "DESCRIPTION": "All about it", "COLOR": "sand", "AVATAR": picture,
            "ENTITY_TYPE": "CRM", "ENTITY_ID": "DEAL|7", "ENTITY_DATA_1": "one", "ENTITY_DATA_3": "three",
            "TYPE": "CHAT", "COPILOT_MAIN_ROLE": "copilot_assistant",
        });
        let chat = add(portal, "ada", params);
        let seen = dialog(portal, "ada", chat);
        let stored: Vec<_> = [
            "name",
            "description",
            "entity_type",
            "entity_id",
            "entity_data_1",
            "entity_data_2",
            "entity_data_3",
            "role",
            "type",
        ]
        .map(|key| seen[key].as_str().unwrap())
        .into();
        let wanted = [
            "Deals here",
            "All about it",
            "CRM",
            "DEAL|7",
            "one",
            "",
            "three",
            "owner",
            "crm",
        ];
        assert_eq!(stored, wanted);
        assert!(
            seen["avatar"]
                .as_str()
                .unwrap()
                .starts_with("https://portal.example/")
        );
        assert_ne!(seen["color"], "");

        let long = add(
            portal,
            "ada",
            json!({"ENTITY_TYPE": "CRM", "ENTITY_ID": "9".repeat(5000), "DESCRIPTION": "x".repeat(9000)}),
        );
        let seen = dialog(portal, "ada", long);
        assert_eq!(
            (&seen["entity_type"], &seen["entity_id"]),
            (&json!(""), &json!(""))
        );
        assert_eq!(seen["description"].as_str().unwrap().len(), 5000);

        // A picture that is none, a colour and a type that there are not: as if they were left out.
        let odd =
            json!({"AVATAR": "no picture", "COLOR": "PLAID", "TYPE": "CIRCLE", "TITLE": "Odd"});
        let seen = dialog(portal, "ada", add(portal, "ada", odd));
        assert_eq!(
            (&seen["avatar"], &seen["type"]),
            (&json!(""), &json!("chat"))
        );
    });
}

#[test]
fn the_chat_of_an_object_is_the_oldest_that_the_caller_may_look_into() {
    for_each_store(|portal| {
        let object = |kind: &str, id: &str| json!({"ENTITY_TYPE": kind, "ENTITY_ID": id});
        let make = |who: &str, kind: &str, users: &[i64], open: &str| {
            let mut params = object("SONET_GROUP", "7");
            params["ENTITY_TYPE"] = json!(kind);
            params["USERS"] = json!(users);
            params["TYPE"] = json!(open);
            add(portal, who, params)
        };
        let find = |who: &str, kind: &str| portal.ok(who, "im.chat.get", object(kind, "7"));
        let first = make("ada", "SONET_GROUP", &[2], "CHAT");
        let second = make("ada", "SONET_GROUP", &[2, 3], "CHAT");
        assert_eq!(find("ben", "SONET_GROUP"), json!({"ID": first}));
        assert_eq!(find("cho", "SONET_GROUP"), json!({"ID": second}));
        assert_eq!(find("dev", "SONET_GROUP"), Value::Null);
        // The workgroup's chat is the first, whoever asks.
        let standard = portal.ok("ben", "im.dialog.get", json!({"DIALOG_ID": "sg7"}));
        assert_eq!(standard["id"], first);
        let refused = portal.error("cho", "im.dialog.get", json!({"DIALOG_ID": "sg7"}));
        assert_eq!(refused.1, "ACCESS_ERROR");

        let old_card = make("ada", "TASKS", &[], "OPEN");
        let new_card = make("ada", "TASKS_TASK", &[], "OPEN");
        assert_eq!(find("dev", "TASKS"), json!({"ID": old_card}));
        assert_eq!(find("dev", "TASKS_TASK"), json!({"ID": new_card}));
        assert_eq!(find("eva", "TASKS"), Value::Null);
        for missing in [
            json!({}),
            object("TASKS", ""),
            object("", "7"),
            json!({"ENTITY_TYPE": ["TASKS"], "ENTITY_ID": 7}),
        ] {
            assert_eq!(portal.ok("ada", "im.chat.get", missing), Value::Null);
        }
    });
}

#[test]
fn r2_renaming_writes_a_notice_that_neither_counts_nor_brings_a_hidden_chat_back() {
    for_each_store(|portal| {
        let chat = group(portal, "ada", &[2, 3]);
        send(portal, "ada", chat, "one");
        let hidden = json!({"DIALOG_ID": format!("chat{chat}")});
        portal.ok("cho", "im.recent.hide", hidden);
        let rename = json!({"CHAT_ID": chat, "TITLE": "  Quay\nside "});
        portal.ok("ben", "im.chat.updateTitle", rename.clone());
        let seen = dialog(portal, "cho", chat);
        assert_eq!(
            (&seen["name"], &seen["counter"]),
            (&json!("Quay side"), &json!(1))
        );
        assert_eq!(counters(portal, "cho").0, 0);
        assert_eq!(
            texts(portal, "cho", chat).last().unwrap(),
            "[USER=2 REPLACE]Ben Okafor[/USER] renamed the chat to \"Quay side\""
        );
        // The same title again is no change.
        let count = seen["message_count"].clone();
        portal.ok("ada", "im.chat.updateTitle", rename);
        assert_eq!(dialog(portal, "cho", chat)["message_count"], count);
        send(portal, "ada", chat, "two");
        assert_eq!(counters(portal, "cho").0, 2);
        recount(portal);
    });
}
