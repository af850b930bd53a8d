//! Who may do what in a chat, method by method: owner, manager, member, a extranet member the portal, somebody who may only look,
//! and somebody who may not. What bots may do is tried in `bots/`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use readmark_app::chat::managers;
use readmark_model::{ChatId, UserId};
use readmark_testkit::{TestPortal, for_each_store};
use serde_json::{Value, json};

/// A picture of one pixel.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// The roles, each with the one who has it in [`Place`].
const ROLES: [(&str, &str); 5] = [
    ("owner", "ada"),
    ("manager", "ben"),
    ("member", "cho"),
    ("extranet member", "eva"),
    ("nobody", "dev"),
];

const EVERYBODY: &[&str] = &["owner", "manager", "member", "extranet member", "nobody"];
const MEMBERS: &[&str] = &["owner", "manager", "member", "extranet member"];
const MANAGERS: &[&str] = &["owner", "manager"];
const OWNER: &[&str] = &["owner"];
const NOBODY: &[&str] = &[];

/// A chat with everybody in it but dev, and a message of the owner.
struct Place {
    chat: i64,
    message: i64,
}

fn place(portal: &TestPortal, kind: &str) -> Place {
    let chat = portal.ok(
        "ada",
        "im.chat.add",
        json!({ "TYPE": kind, "TITLE": "Harbour", "USERS": [2, 3, 5] }),
    );
    let chat = chat.as_i64().unwrap();
    let promoted = portal.run(UserId(1), move |cx| {
        managers::set(cx, ChatId(chat), &[UserId(2)], true)
    });
    assert!(promoted.is_ok());
    let params = json!({ "DIALOG_ID": format!("chat{chat}"), "MESSAGE": "Low tide at noon" });
    let message = portal.ok("ada", "im.message.add", params);
    Place {
        chat,
        message: message.as_i64().unwrap(),
    }
}

/// Something to be tried.
struct Deed {
    method: &'static str,
    params: fn(&Place) -> Value,
    /// Who may, in a closed chat.
    closed: &'static [&'static str],
    /// Who may, in an open one, into which everybody of the portal may look.
    open: &'static [&'static str],
}

fn dialog(place: &Place) -> String {
    format!("chat{}", place.chat)
}

const DEEDS: &[Deed] = &[
    Deed {
        method: "im.dialog.get",
        params: |place| json!({ "DIALOG_ID": dialog(place) }),
        closed: MEMBERS,
        open: EVERYBODY,
    },
    Deed {
        method: "im.dialog.messages.get",
        params: |place| json!({ "DIALOG_ID": dialog(place) }),
        closed: MEMBERS,
        open: EVERYBODY,
    },
    Deed {
        method: "im.dialog.messages.search",
        params: |place| json!({ "CHAT_ID": place.chat, "SEARCH_MESSAGE": "tide" }),
        closed: MEMBERS,
        open: EVERYBODY,
    },
    Deed {
        method: "im.dialog.users.list",
        params: |place| json!({ "DIALOG_ID": dialog(place) }),
        closed: MEMBERS,
        open: EVERYBODY,
    },
    Deed {
        method: "im.dialog.read",
        params: |place| json!({ "DIALOG_ID": dialog(place) }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.dialog.unread",
        params: |place| json!({ "DIALOG_ID": dialog(place), "MESSAGE_ID": place.message }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.recent.unread",
        params: |place| json!({ "DIALOG_ID": dialog(place) }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.recent.pin",
        params: |place| json!({ "DIALOG_ID": dialog(place) }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.recent.hide",
        params: |place| json!({ "DIALOG_ID": dialog(place) }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.chat.mute",
        params: |place| json!({ "CHAT_ID": place.chat, "MUTE": "Y" }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.dialog.writing",
        params: |place| json!({ "DIALOG_ID": dialog(place) }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.message.add",
        params: |place| json!({ "DIALOG_ID": dialog(place), "MESSAGE": "Aye" }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.message.like",
        params: |place| json!({ "MESSAGE_ID": place.message, "ACTION": "plus" }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.message.update",
        params: |place| json!({ "MESSAGE_ID": place.message, "MESSAGE": "High tide at noon" }),
        closed: OWNER,
        open: OWNER,
    },
    Deed {
        method: "im.message.delete",
        params: |place| json!({ "MESSAGE_ID": place.message }),
        closed: MANAGERS,
        open: MANAGERS,
    },
    Deed {
        method: "im.message.share",
        params: |place| json!({ "MESSAGE_ID": place.message, "DIALOG_ID": dialog(place), "TYPE": "CHAT" }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.v2.File.upload",
        params: |place| json!({ "dialogId": dialog(place), "fields": { "name": "tides.txt", "content": "bG93" } }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.disk.folder.get",
        params: |place| json!({ "CHAT_ID": place.chat }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.chat.updateTitle",
        params: |place| json!({ "CHAT_ID": place.chat, "TITLE": "Quay" }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.chat.updateColor",
        params: |place| json!({ "CHAT_ID": place.chat, "COLOR": "LIME" }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.chat.updateAvatar",
        params: |place| json!({ "CHAT_ID": place.chat, "AVATAR": PICTURE }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.chat.user.add",
        params: |place| json!({ "CHAT_ID": place.chat, "USERS": [3] }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "im.chat.user.delete",
        params: |place| json!({ "CHAT_ID": place.chat, "USER_ID": 3 }),
        // Cho, the member who goes, may leave in this way, too.
        closed: &["owner", "manager", "member"],
        open: &["owner", "manager", "member"],
    },
    Deed {
        method: "im.chat.setOwner",
        params: |place| json!({ "CHAT_ID": place.chat, "USER_ID": 3 }),
        closed: OWNER,
        open: OWNER,
    },
    Deed {
        method: "im.chat.leave",
        params: |place| json!({ "CHAT_ID": place.chat }),
        closed: MEMBERS,
        open: MEMBERS,
    },
    Deed {
        method: "readmark.message.viewers",
        params: |place| json!({ "MESSAGE_ID": place.message }),
        closed: MEMBERS,
        open: EVERYBODY,
    },
    // Nobody takes the owner out.
    Deed {
        method: "im.chat.user.delete",
        params: |place| json!({ "CHAT_ID": place.chat, "USER_ID": 1 }),
        closed: OWNER,
        open: OWNER,
    },
    // A message of nobody's.
    Deed {
        method: "im.message.delete",
        params: |place| json!({ "MESSAGE_ID": place.message + 1000 }),
        closed: NOBODY,
        open: NOBODY,
    },
];

/// Whether a deed was done: an error and `false` say that it was not.
fn is_done(portal: &TestPortal, who: &str, deed: &Deed, place: &Place) -> bool {
    let answered = portal.call(who, deed.method, &(deed.params)(place));
    answered.error.is_none() && answered.result != json!(false)
}

fn try_all(portal: &TestPortal, kind: &str, allowed: fn(&Deed) -> &'static [&'static str]) {
    let mut wrong = Vec::new();
    for deed in DEEDS {
        for (role, who) in ROLES {
            let place = place(portal, kind);
            let may = allowed(deed).contains(&role);
            if is_done(portal, who, deed, &place) != may {
                let params = (deed.params)(&place);
                wrong.push(format!(
                    "{} by {role}, who may: {may}; {params}",
                    deed.method
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "in a chat of kind {kind}:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn in_a_closed_chat_everybody_may_what_the_role_says() {
    for_each_store(|portal| try_all(portal, "CHAT", |deed| deed.closed));
}

#[test]
fn in_an_open_chat_everybody_of_the_portal_may_look_and_no_more() {
    for_each_store(|portal| try_all(portal, "OPEN", |deed| deed.open));
}

/// What `im.dialog.get` says about a chat, and the deed that it says it of.
const REPORTED: &[(&str, &str)] = &[
    ("rename", "im.chat.updateTitle"),
    ("avatar", "im.chat.updateAvatar"),
    ("extend", "im.chat.user.add"),
    ("leave", "im.chat.leave"),
    ("send", "im.message.add"),
    ("mute", "im.chat.mute"),
    ("user_list", "im.dialog.users.list"),
];

#[test]
fn what_is_reported_as_allowed_is() {
    for_each_store(|portal| {
        for kind in ["CHAT", "OPEN"] {
            for (role, who) in ROLES {
                for (restriction, method) in REPORTED {
                    let place = place(portal, kind);
                    let shown = portal.call(
                        who,
                        "im.dialog.get",
                        &json!({ "DIALOG_ID": dialog(&place) }),
                    );
                    if shown.error.is_some() {
                        continue;
                    }
                    let said = &shown.result["restrictions"][restriction];
                    let deed = DEEDS.iter().find(|deed| deed.method == *method).unwrap();
                    let done = is_done(portal, who, deed, &place);
                    assert_eq!(said, &json!(done), "{restriction} for {role} in {kind}");
                }
            }
        }
    });
}
