//! Who is told of what (sources: recipients of events).

use readmark_testkit::{TestPortal, for_each_store};
use serde_json::json;

use crate::support::{assert_no_drift, bot_of, call, drain, group, names, register, say};

const KINDS: [&str; 4] = ["bot", "openline", "supervisor", "personal"];

fn hears_everything(kind: &str) -> bool {
    matches!(kind, "supervisor" | "personal")
}

#[test]
fn in_a_group_some_hear_everything_and_others_what_mentions_them() {
    for_each_store(|portal| {
        for kind in KINDS {
            let bot = bot_of(portal, kind);
            let chat = group(portal, &[2, bot.id]);
            let dialog = format!("chat{chat}");
            drain(portal, &bot);
            let heard = |portal: &TestPortal| names(portal, &bot);
            let everything = if hears_everything(kind) {
                &["MESSAGEADD"][..]
            } else {
                &[]
            };

            say(portal, "ben", &dialog, "To nobody");
            assert_eq!(heard(portal), everything, "{kind}");
            say(portal, "ben", &dialog, "[user=all]Everybody[/user]");
            assert_eq!(heard(portal), everything, "{kind}");
            let system = json!({"DIALOG_ID": dialog, "MESSAGE": "Of the system", "SYSTEM": "Y"});
            portal.ok("ben", "im.message.add", system);
            assert_eq!(heard(portal), everything, "{kind}");
            let mention = format!("[USER={}]You[/USER]", bot.id);
            say(portal, "ben", &dialog, &mention);
            assert_eq!(heard(portal), ["MESSAGEADD"], "{kind}");
            say(portal, "ben", &dialog, &format!("[code]{mention}[/code]"));
            assert_eq!(heard(portal), everything, "{kind}");
        }
        assert_no_drift(portal);
    });
}

#[test]
fn a_private_chat_is_always_heard_and_a_foreign_one_never() {
    for_each_store(|portal| {
        for kind in KINDS {
            let bot = bot_of(portal, kind);
            say(portal, "ben", &bot.id.to_string(), "To you");
            let expected = ["JOINCHAT", "MESSAGEADD"];
            assert_eq!(names(portal, &bot), expected, "{kind}");
            let foreign = group(portal, &[2]);
            let text = format!("[USER={}]You[/USER]", bot.id);
            say(portal, "ben", &format!("chat{foreign}"), &text);
            assert!(names(portal, &bot).is_empty(), "{kind}");
        }
    });
}

#[test]
fn a_bot_hears_neither_itself_nor_its_siblings_but_strangers() {
    for_each_store(|portal| {
        let kind = json!({"type": "supervisor"});
        let one = register(portal, "one", "shared", &kind);
        let sibling = register(portal, "sibling", "shared", &kind);
        let stranger = register(portal, "stranger", "other", &kind);
        let chat = group(portal, &[one.id, sibling.id, stranger.id]);
        for bot in [&one, &sibling, &stranger] {
            drain(portal, bot);
        }
        let message = json!({"dialogId": format!("chat{chat}"), "fields": {"message": "Ahoy"}});
        call(portal, &one, "imbot.v2.Chat.Message.send", message);
        assert!(names(portal, &one).is_empty());
        assert!(names(portal, &sibling).is_empty());
        assert_eq!(names(portal, &stranger), ["MESSAGEADD"]);
    });
}

#[test]
fn an_edit_is_heard_by_whom_the_text_mentions_or_mentioned() {
    for_each_store(|portal| {
        let bot = bot_of(portal, "bot");
        let dialog = format!("chat{}", group(portal, &[2, bot.id]));
        drain(portal, &bot);
        let edit = |id: i64, text: &str| {
            let params = json!({"MESSAGE_ID": id, "MESSAGE": text});
            portal.ok("ben", "im.message.update", params);
            names(portal, &bot)
        };
        let mention = format!("[USER={}]You[/USER]", bot.id);
        let id = say(portal, "ben", &dialog, "first");
        assert!(edit(id, "second").is_empty());
        assert_eq!(edit(id, &mention), ["MESSAGEUPDATE"]);
        assert_eq!(edit(id, "third"), ["MESSAGEUPDATE"]);
        assert!(edit(id, "fourth").is_empty());
        portal.ok("ben", "im.message.delete", json!({"MESSAGE_ID": id}));
        assert!(names(portal, &bot).is_empty());
        let id = say(portal, "ben", &dialog, &mention);
        portal.ok("ben", "im.message.delete", json!({"MESSAGE_ID": id}));
        assert_eq!(names(portal, &bot), ["MESSAGEADD", "MESSAGEDELETE"]);
    });
}

#[test]
fn reactions_are_told_to_the_author_bot_that_takes_them() {
    for_each_store(|portal| {
        for (code, takes) in [("open", true), ("shut", false)] {
            let more = json!({"isReactionsEnabled": takes});
            let bot = register(portal, code, code, &more);
            let other = bot_of(portal, "supervisor");
            let chat = group(portal, &[2, bot.id, other.id]);
            let message = json!({"dialogId": format!("chat{chat}"), "fields": {"message": "Ahoy"}});
            let sent = call(portal, &bot, "imbot.v2.Chat.Message.send", message);
            drain(portal, &bot);
            drain(portal, &other);
            portal.ok("ben", "im.message.like", json!({"MESSAGE_ID": sent["id"]}));
            assert_eq!(names(portal, &bot) == ["REACTIONCHANGE"], takes);
            assert!(names(portal, &other).is_empty(), "of another's message");
        }
    });
}

#[test]
fn history_that_is_hidden_from_a_member_is_not_told() {
    for_each_store(|portal| {
        let dialog_id = group(portal, &[2]);
        let dialog = format!("chat{dialog_id}");
        let old = say(portal, "ben", &dialog, "before");
        let bot = bot_of(portal, "supervisor");
        let join = json!({"CHAT_ID": dialog_id, "USERS": [bot.id], "HIDE_HISTORY": "Y"});
        portal.ok("ada", "im.chat.user.add", join);
        assert_eq!(names(portal, &bot), ["JOINCHAT", "MESSAGEADD"]);
        portal.ok(
            "ben",
            "im.message.update",
            json!({"MESSAGE_ID": old, "MESSAGE": "after"}),
        );
        assert!(names(portal, &bot).is_empty());
    });
}

#[test]
fn who_left_is_told_nothing_more() {
    for_each_store(|portal| {
        let bot = bot_of(portal, "supervisor");
        let chat = group(portal, &[2, bot.id]);
        drain(portal, &bot);
        let gone = json!({"CHAT_ID": chat, "USER_ID": bot.id});
        portal.ok("ada", "im.chat.user.delete", gone);
        say(portal, "ben", &format!("chat{chat}"), "alone");
        assert!(names(portal, &bot).is_empty());
    });
}
