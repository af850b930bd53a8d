//! Calls about one chat that come at once.

use std::thread;

use readmark_testkit::{TestPortal, for_each_store};
use serde_json::json;

use crate::{
    message_support::dialog,
    support::{add, group, members, recount, texts},
};

/// Makes one call each at once.
fn at_once(portal: &TestPortal, calls: &[&str], call: impl Fn(&TestPortal, &str) + Sync) {
    thread::scope(|scope| {
        for who in calls {
            let call = &call;
            scope.spawn(move || call(portal, who));
        }
    });
}

#[test]
fn joining_twice_at_once_makes_one_member_and_one_notice() {
    for_each_store(|portal| {
        let chat = add(portal, "ada", json!({"TYPE": "OPEN"}));
        at_once(portal, &["ben", "cho", "ben", "cho"], |portal, who| {
            let me = if who == "ben" { 2 } else { 3 };
            portal.ok(
                who,
                "im.chat.user.add",
                json!({"CHAT_ID": chat, "USERS": [me]}),
            );
        });
        assert_eq!(members(portal, "ada", chat), json!([1, 2, 3]));
        assert_eq!(dialog(portal, "ada", chat)["user_counter"], 3);
        assert_eq!(texts(portal, "ada", chat).len(), 2);
        recount(portal);
    });
}

#[test]
fn an_owner_and_a_heir_who_leave_at_once_leave_one_owner() {
    for_each_store(|portal| {
        for _ in 0..3 {
            let chat = group(portal, "ada", &[2, 3, 4]);
            at_once(portal, &["ada", "ben", "cho"], |portal, who| {
                portal.ok(who, "im.chat.leave", json!({"CHAT_ID": chat}));
            });
            let seen = dialog(portal, "dev", chat);
            assert_eq!(
                (&seen["owner"], &seen["role"]),
                (&json!(4), &json!("owner"))
            );
            assert_eq!(seen["user_counter"], 1);
        }
        recount(portal);
    });
}

#[test]
fn leaving_coming_renaming_handing_over_and_writing_at_once_keep_everything_exact() {
    for_each_store(|portal| {
        let chat = add(portal, "ada", json!({"TYPE": "OPEN", "USERS": [2, 3, 4]}));
        at_once(portal, &["ada", "ben", "cho", "dev"], |portal, who| {
            let me = 1 + ["ada", "ben", "cho", "dev"]
                .iter()
                .position(|name| *name == who)
                .unwrap();
            for round in 0..3 {
                for (method, params) in [
                    (
                        "im.message.add",
                        json!({"DIALOG_ID": format!("chat{chat}"), "MESSAGE": "x"}),
                    ),
                    (
                        "im.chat.setOwner",
                        json!({"CHAT_ID": chat, "USER_ID": me % 4 + 1}),
                    ),
                    (
                        "im.chat.updateTitle",
                        json!({"CHAT_ID": chat, "TITLE": format!("{who} {round}")}),
                    ),
                    ("im.chat.mute", json!({"CHAT_ID": chat})),
                    (
                        "im.dialog.read",
                        json!({"DIALOG_ID": format!("chat{chat}")}),
                    ),
                    ("im.chat.leave", json!({"CHAT_ID": chat})),
                    ("im.chat.user.add", json!({"CHAT_ID": chat, "USERS": [me]})),
                ] {
                    // Whatever is refused is refused as documented, and never a failure of the server.
                    assert!(portal.call(who, method, &params).status < 500, "{method}");
                }
            }
        });
        assert_eq!(dialog(portal, "ada", chat)["user_counter"], 4);
        recount(portal);
    });
}
