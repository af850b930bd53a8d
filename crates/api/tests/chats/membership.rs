//! Joining, leaving and muting (rules R5, R6, R7).

use readmark_model::{ChatKind, Role};
use readmark_testkit::for_each_store;
use serde_json::{Value, json};

use crate::{
    message_support::{chat, dialog, read, send, set_role},
    support::{add, add_person, counters, group, invite, leave, members, recount, texts},
};

#[test]
fn r5_joining_starts_at_zero_with_and_without_history() {
    for_each_store(|portal| {
        let chat = group(portal, "ada", &[2]);
        send(portal, "ada", chat, "before");
        invite(portal, "ben", chat, &[3], "Y");
        invite(portal, "ben", chat, &[4], "N");
        for who in ["cho", "dev"] {
            let seen = dialog(portal, who, chat);
            assert_eq!(
                (&seen["counter"], &seen["unread_id"]),
                (&json!(0), &json!(0))
            );
            assert_eq!(counters(portal, who).0, 0);
        }
        // The notice of one's own joining is seen also with hidden history, what came before it is not.
        let cho_sees = texts(portal, "cho", chat);
        assert!(
            cho_sees[0].contains("invited [USER=3 REPLACE]Cho Ishida"),
            "{cho_sees:?}"
        );
        assert_eq!(cho_sees.len(), 2);
        assert_eq!(texts(portal, "dev", chat)[1], "before");
        send(portal, "ada", chat, "after");
        assert_eq!(dialog(portal, "cho", chat)["counter"], 1);
        assert_eq!(dialog(portal, "dev", chat)["counter"], 1);
        // Left out, `HIDE_HISTORY` hides.
        portal.ok(
            "ada",
            "im.chat.user.add",
            json!({"CHAT_ID": chat, "USERS": "5"}),
        );
        assert_eq!(texts(portal, "eva", chat).len(), 1);
        recount(portal);
    });
}

#[test]
fn r2_notices_of_joining_and_leaving_never_count() {
    for_each_store(|portal| {
        let chat = group(portal, "ada", &[2, 3]);
        send(portal, "ada", chat, "one");
        invite(portal, "ben", chat, &[4], "Y");
        leave(portal, "dev", chat);
        portal.ok(
            "ada",
            "im.chat.user.delete",
            json!({"CHAT_ID": chat, "USER_ID": 2}),
        );
        assert_eq!(dialog(portal, "cho", chat)["counter"], 1);
        assert_eq!(dialog(portal, "ada", chat)["counter"], 0);
        let seen = texts(portal, "cho", chat);
        assert_eq!(seen[3], "[USER=4 REPLACE]Dev Marin[/USER] left the chat");
        assert_eq!(
            seen[4],
            "[USER=1 REPLACE]Ada Brandt[/USER] removed [USER=2 REPLACE]Ben Okafor[/USER] from the chat"
        );
        // Members and strangers again: no notice, as nobody came.
        invite(portal, "ada", chat, &[3, 404], "Y");
        assert_eq!(texts(portal, "cho", chat).len(), 5);
        recount(portal);
    });
}

#[test]
fn a_notice_names_the_first_of_many() {
    for_each_store(|portal| {
        let chat = group(portal, "ada", &[]);
        let crowd: Vec<i64> = (0..23)
            .map(|number| add_person(portal, &format!("Guest {number}")))
            .collect();
        invite(portal, "ada", chat, &crowd, "Y");
        let seen = texts(portal, "ada", chat);
        let [notice] = &seen[..] else {
            panic!("{seen:?}")
        };
        assert_eq!(notice.matches("[USER=").count(), 21);
        assert!(
            notice.ends_with("[/USER] and 3 more to the chat"),
            "{notice}"
        );
        assert_eq!(dialog(portal, "ada", chat)["user_counter"], 24);
    });
}

#[test]
fn the_history_of_an_open_chat_is_hidden_only_from_outside() {
    for_each_store(|portal| {
        let chat = add(portal, "ada", json!({"TYPE": "OPEN", "TITLE": "Pier"}));
        send(portal, "ada", chat, "before");
        // Who may look may join, and sees what was to be seen before.
        assert_eq!(texts(portal, "cho", chat), ["before"]);
        invite(portal, "cho", chat, &[3], "Y");
        assert_eq!(
            texts(portal, "cho", chat),
            [
                "before",
                "[USER=3 REPLACE]Cho Ishida[/USER] joined the chat"
            ]
        );
        invite(portal, "cho", chat, &[5], "Y");
        let eva_sees = texts(portal, "eva", chat);
        assert_eq!(eva_sees.len(), 1, "{eva_sees:?}");
        assert!(eva_sees[0].contains("Eva Lindqvist"));
        assert_eq!(dialog(portal, "cho", chat)["counter"], 0);
        recount(portal);
    });
}

#[test]
fn r6_leaving_takes_the_chat_out_of_everything_and_rejoining_starts_at_zero() {
    for_each_store(|portal| {
        let chat = group(portal, "ada", &[2, 3]);
        let id = chat.to_string();
        let first = send(portal, "ada", chat, "one");
        read(portal, "cho", chat);
        send(portal, "ada", chat, "two");
        let dialog_id = json!({"DIALOG_ID": format!("chat{chat}")});
        portal.ok(
            "cho",
            "im.recent.pin",
            json!({"DIALOG_ID": format!("chat{chat}"), "PIN": "Y"}),
        );
        assert_eq!(
            counters(portal, "cho"),
            (json!(1), json!({id.as_str(): 1}), json!([]))
        );
        portal.ok("ben", "im.chat.mute", json!({"CHAT_ID": chat}));
        assert_eq!(
            counters(portal, "ben"),
            (json!(0), json!([]), json!({id.as_str(): 2}))
        );

        leave(portal, "cho", chat);
        let remove = json!({"CHAT_ID": chat, "USER_ID": 2});
        portal.ok("ada", "im.chat.user.delete", remove);
        for who in ["ben", "cho"] {
            assert_eq!(counters(portal, who), (json!(0), json!([]), json!([])));
            let recent = portal.ok(who, "im.recent.list", json!({}));
            assert_eq!(recent["items"], json!([]));
            let refused = portal.error(who, "im.dialog.get", dialog_id.clone());
            assert_eq!(refused, (403, "ACCESS_ERROR".to_owned()));
            assert_eq!(members(portal, who, chat), json!([]));
        }
        // Viewers are members; who comes back has viewed what was viewed before (rule R13).
        let viewers = |id: i64| {
            let viewers = portal.ok("ada", "readmark.message.viewers", json!({"MESSAGE_ID": id}));
            viewers["viewers"].as_array().unwrap().len()
        };
        assert_eq!(viewers(first), 0);

        send(portal, "ada", chat, "three");
        invite(portal, "ada", chat, &[2, 3], "N");
        for who in ["ben", "cho"] {
            let seen = dialog(portal, who, chat);
            assert_eq!(
                (&seen["counter"], &seen["mute_list"]),
                (&json!(0), &json!([]))
            );
            assert_eq!(counters(portal, who), (json!(0), json!([]), json!([])));
        }
        assert_eq!(viewers(first), 1);
        send(portal, "ada", chat, "four");
        assert_eq!(counters(portal, "ben").1, json!({id.as_str(): 1}));
        let recent = portal.ok("cho", "im.recent.list", json!({}));
        assert_eq!(recent["items"][0]["pinned"], false);
        recount(portal);
    });
}

#[test]
fn r7_muting_moves_the_counter_and_changes_it_never() {
    for_each_store(|portal| {
        let chat = group(portal, "ada", &[2]);
        let id = chat.to_string();
        send(portal, "ada", chat, "one");
        send(portal, "ada", chat, "two");
        let mute = |params: Value| assert_eq!(portal.ok("ben", "im.chat.mute", params), true);
        let loud = (json!(2), json!({id.as_str(): 2}), json!([]));
        let quiet = (json!(0), json!([]), json!({id.as_str(): 2}));
        assert_eq!(counters(portal, "ben"), loud);
        mute(json!({"CHAT_ID": chat}));
        mute(json!({"DIALOG_ID": format!("chat{chat}"), "MUTE": "Y"}));
        assert_eq!(counters(portal, "ben"), quiet);
        let seen = dialog(portal, "ben", chat);
        assert_eq!(
            (&seen["counter"], &seen["mute_list"]),
            (&json!(2), &json!({"2": true}))
        );
        assert_eq!(dialog(portal, "ada", chat)["mute_list"], json!([]));
        mute(json!({"CHAT_ID": chat, "MUTE": "N"}));
        assert_eq!(counters(portal, "ben"), loud);

        // A private chat, by the user; its number is that of the chat.
        portal.ok(
            "ada",
            "im.message.add",
            json!({"DIALOG_ID": "2", "MESSAGE": "psst"}),
        );
        mute(json!({"DIALOG_ID": "1", "MUTE": true}));
        let private =
            portal.ok("ben", "im.dialog.get", json!({"DIALOG_ID": "1"}))["id"].to_string();
        let (all, _, muted) = counters(portal, "ben");
        assert_eq!((all, muted), (json!(2), json!({private: 1})));
        recount(portal);
    });
}

#[test]
fn an_extranet_user_adds_only_those_of_shared_chats() {
    for_each_store(|portal| {
        let shared = group(portal, "ada", &[5, 2]);
        invite(portal, "eva", shared, &[3, 404], "Y");
        assert_eq!(members(portal, "eva", shared), json!([1, 2, 5]));
        let own = add(portal, "eva", json!({"TITLE": "Own"}));
        invite(portal, "eva", own, &[2, 3], "Y");
        assert_eq!(members(portal, "eva", own), json!([2, 5]));
        // An extranet user does not even see open chats.
        let open = add(portal, "ada", json!({"TYPE": "OPEN"}));
        let join = json!({"CHAT_ID": open, "USERS": [5]});
        assert_eq!(
            portal.error("eva", "im.chat.user.add", join),
            (403, "ACCESS_ERROR".into())
        );
    });
}

#[test]
fn a_member_of_a_channel_neither_posts_nor_renames_but_adds() {
    for_each_store(|portal| {
        let channel = chat(portal, ChatKind::OpenChannel, "ada", &["ben", "cho"]);
        set_role(portal, channel, "cho", Role::Manager);
        let rename = json!({"CHAT_ID": channel, "TITLE": "News"});
        let refused = portal.error("ben", "im.chat.updateTitle", rename.clone());
        assert_eq!(refused, (403, "ACCESS_ERROR".to_owned()));
        portal.ok("cho", "im.chat.updateTitle", rename);
        invite(portal, "ben", channel, &[4], "Y");
        assert_eq!(members(portal, "dev", channel), json!([1, 2, 3, 4]));
    });
}
