//! Who may do what: every method by everybody, in every kind of chat.

use readmark_model::{ChatKind, Role};
use readmark_testkit::{TestPortal, for_each_store};
use serde_json::{Value, json};

use crate::{
    message_support::{chat, dialog, set_role},
    support::{add, add_person, invite, recount},
};

/// The owner, a manager, a member, somebody of the portal who is no member, and an extranet user who is none.
const CALLERS: [&str; 5] = ["ada", "ben", "cho", "dev", "eva"];

const OK: &str = "ok";
const ERROR: &str = "ACCESS_ERROR";
const KICK: &str = "ACCESS_DENIED_KICK";
const EXTEND: &str = "ACCESS_DENIED_EXTEND";
const DENIED: &str = "ACCESS_DENIED";
const REQUEST: &str = "WRONG_REQUEST";

/// A method with what each of [`CALLERS`] is answered.
type Row = (&'static str, Value, [&'static str; 5]);

/// What everybody is answered: `member` is a third member, `newcomer` somebody who is none.
fn closed(member: i64, newcomer: i64) -> Vec<Row> {
    let all = [OK, OK, OK, ERROR, ERROR];
    let picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ";
    vec![
        ("im.chat.user.add", json!({"USERS": [newcomer]}), all),
        (
            "im.chat.user.delete",
            json!({"USER_ID": member}),
            [OK, OK, KICK, ERROR, ERROR],
        ),
        ("im.chat.user.list", json!({}), [OK; 5]),
        ("im.chat.updateTitle", json!({"TITLE": "Quay"}), all),
        ("im.chat.updateColor", json!({"COLOR": "MINT"}), all),
        ("im.chat.updateAvatar", json!({"AVATAR": picture}), all),
        (
            "im.chat.setOwner",
            json!({"USER_ID": member}),
            [OK, REQUEST, REQUEST, ERROR, ERROR],
        ),
        ("im.chat.leave", json!({}), [OK, OK, OK, KICK, KICK]),
        ("im.chat.mute", json!({}), all),
        ("im.dialog.users.list", json!({}), all),
    ]
}

/// The same where Dev is a guest.
fn open(member: i64, newcomer: i64) -> Vec<Row> {
    let mut rows = closed(member, newcomer);
    for (method, _, answers) in &mut rows {
        answers[3] = match *method {
            "im.chat.user.add" => EXTEND,
            "im.chat.user.delete" | "im.chat.leave" => KICK,
            "im.chat.updateAvatar" => DENIED,
            "im.chat.setOwner" => REQUEST,
            "im.dialog.users.list" | "im.chat.user.list" => OK,
            _ => ERROR,
        };
    }
    rows
}

/// The same where only managers change how the chat looks.
fn channel(member: i64, newcomer: i64) -> Vec<Row> {
    let mut rows = closed(member, newcomer);
    for (method, _, answers) in &mut rows {
        match *method {
            "im.chat.updateTitle" | "im.chat.updateColor" => answers[2] = ERROR,
            "im.chat.updateAvatar" => answers[2] = DENIED,
            _ => {}
        }
    }
    rows
}

/// Everything that a refused call must not change.
fn state(portal: &TestPortal, chat: i64) -> (Value, Value) {
    let users = portal.ok("ada", "im.chat.user.list", json!({"CHAT_ID": chat}));
    (dialog(portal, "ada", chat), users)
}

fn check(portal: &TestPortal, rows: &[Row], make: &dyn Fn() -> i64) {
    for (method, params, answers) in rows {
        for (who, wanted) in CALLERS.into_iter().zip(answers) {
            let chat = make();
            let mut params = params.clone();
            let (name, id) = match *method {
                "im.dialog.users.list" => ("DIALOG_ID", json!(format!("chat{chat}"))),
                _ => ("CHAT_ID", json!(chat)),
            };
            params[name] = id;
            let before = state(portal, chat);
            let answered = portal.call(who, method, &params);
            let code = answered.error.as_ref().map_or(OK, |error| &*error.0);
            assert_eq!(code, *wanted, "{method} by {who}");
            if code != OK {
                assert_eq!(state(portal, chat), before, "{method} refused to {who}");
            }
        }
    }
    recount(portal);
}

#[test]
fn each_kind_of_chat_lets_everybody_do_what_they_may() {
    for_each_store(|portal| {
        let (member, newcomer) = (add_person(portal, "Fay"), add_person(portal, "Gus"));
        let kinds = [
            (ChatKind::Group, closed(member, newcomer)),
            (ChatKind::Open, open(member, newcomer)),
            (ChatKind::Channel, channel(member, newcomer)),
        ];
        for (kind, rows) in kinds {
            check(portal, &rows, &|| {
                let chat = chat(portal, kind, "ada", &["ben", "cho"]);
                set_role(portal, chat, "ben", Role::Manager);
                invite(portal, "ada", chat, &[member], "N");
                chat
            });
        }
    });
}

#[test]
fn who_may_not_see_the_members_gets_none() {
    for_each_store(|portal| {
        let closed = chat(portal, ChatKind::Group, "ada", &["ben"]);
        let open = chat(portal, ChatKind::Open, "ada", &["ben"]);
        let list =
            |who: &str, chat: i64| portal.ok(who, "im.chat.user.list", json!({"CHAT_ID": chat}));
        for (who, in_closed, in_open) in [
            ("ben", json!([1, 2]), json!([1, 2])),
            ("dev", json!([]), json!([1, 2])),
            ("eva", json!([]), json!([])),
        ] {
            assert_eq!(
                (list(who, closed), list(who, open)),
                (in_closed, in_open),
                "{who}"
            );
        }
    });
}

#[test]
fn a_workgroup_decides_about_its_chat_and_a_private_chat_is_what_it_is() {
    for_each_store(|portal| {
        let refuse = |chat: i64, method: &str, params: Value, text: &str| {
            let mut params = params;
            params["CHAT_ID"] = json!(chat);
            let answered = portal.call("ada", method, &params);
            let wanted = (ERROR.to_owned(), text.to_owned());
            assert_eq!(
                (answered.status, answered.error),
                (403, Some(wanted)),
                "{method}"
            );
        };
        let picture = json!({"AVATAR": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"});
        let bound = json!({"USERS": [2], "ENTITY_TYPE": "SONET_GROUP", "ENTITY_ID": 7});
        let workgroup = add(portal, "ada", bound);
        let private = portal.ok("ada", "im.dialog.get", json!({"DIALOG_ID": "2"}));
        let private = private["id"].as_i64().unwrap();
        let [add, remove] = ["add users to", "delete users of"]
            .map(|what| format!("It is forbidden to {what} this chat"));
        let before = state(portal, workgroup);
        refuse(workgroup, "im.chat.user.add", json!({"USERS": [3]}), &add);
        refuse(
            workgroup,
            "im.chat.user.delete",
            json!({"USER_ID": 2}),
            &remove,
        );
        refuse(
            workgroup,
            "im.chat.user.delete",
            json!({"USER_ID": 1}),
            &remove,
        );
        refuse(workgroup, "im.chat.leave", json!({}), &remove);
        refuse(
            workgroup,
            "im.chat.updateTitle",
            json!({"TITLE": "x"}),
            "This chat cannot be renamed",
        );
        refuse(
            workgroup,
            "im.chat.updateColor",
            json!({"COLOR": "RED"}),
            "Action unavailable",
        );
        refuse(
            workgroup,
            "im.chat.updateAvatar",
            picture.clone(),
            "The avatar of this chat cannot be changed",
        );
        refuse(
            workgroup,
            "im.chat.setOwner",
            json!({"USER_ID": 2}),
            "Action unavailable",
        );
        assert_eq!(state(portal, workgroup), before);
        portal.ok("ada", "im.chat.mute", json!({"DIALOG_ID": "sg7"}));

        let before = state(portal, private);
        refuse(private, "im.chat.user.add", json!({"USERS": [3]}), &add);
        refuse(
            private,
            "im.chat.user.delete",
            json!({"USER_ID": 2}),
            "Action unavailable",
        );
        refuse(private, "im.chat.leave", json!({}), "Action unavailable");
        refuse(
            private,
            "im.chat.updateTitle",
            json!({"TITLE": "x"}),
            "Action unavailable",
        );
        refuse(
            private,
            "im.chat.updateColor",
            json!({"COLOR": "RED"}),
            "Action unavailable",
        );
        refuse(
            private,
            "im.chat.updateAvatar",
            picture,
            "Action unavailable",
        );
        refuse(
            private,
            "im.chat.setOwner",
            json!({"USER_ID": 2}),
            "Action unavailable",
        );
        assert_eq!(state(portal, private), before);
        recount(portal);
    });
}

#[test]
fn the_owner_of_a_deals_chat_cannot_leave_it_but_others_can() {
    for_each_store(|portal| {
        let bound = json!({"USERS": [2], "ENTITY_TYPE": "CRM", "ENTITY_ID": "DEAL|7"});
        let chat = add(portal, "ada", bound);
        let leave = json!({"CHAT_ID": chat});
        assert_eq!(
            portal.error("ada", "im.chat.leave", leave.clone()),
            (403, KICK.into())
        );
        portal.ok("ben", "im.chat.leave", leave);
    });
}
