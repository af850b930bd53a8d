//! What bots do to chats and messages, seen by the people in them.

use readmark_model::{Event, InputAction, InputStatus, UserId};
use readmark_testkit::{TestPortal, for_each_store};
use serde_json::{Value, json};

use crate::support::{BEN, TOKEN, bot, group, look, say};

fn call(portal: &TestPortal, bot: UserId, method: &str, mut params: Value) -> Value {
    params["botId"] = json!(bot.get());
    params["botToken"] = json!(TOKEN);
    portal.ok("ada", &format!("imbot.v2.{method}"), params)
}

fn dialog(portal: &TestPortal, dialog: &str) -> Value {
    portal.ok("cho", "im.dialog.get", json!({"DIALOG_ID": dialog}))
}

/// The messages of a chat as cho gets them, the latest first.
fn messages(portal: &TestPortal, dialog: &str) -> Vec<Value> {
    let params = json!({"DIALOG_ID": dialog, "LIMIT": 50});
    let page = portal.ok("cho", "im.dialog.messages.get", params);
    page["messages"].as_array().unwrap().clone()
}

/// A chat that the bot owns, with ben and cho in it.
fn own(portal: &TestPortal, bot: UserId) -> String {
    let fields = json!({"title": "Harbour", "userIds": [2, 3], "message": "Welcome"});
    let made = call(portal, bot, "Chat.add", json!({"fields": fields}));
    made["chat"]["dialogId"].as_str().unwrap().to_owned()
}

#[test]
fn people_see_what_a_bot_makes_of_a_chat() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let harbour = own(portal, pharos);
        let shown = dialog(portal, &harbour);
        assert_eq!(shown["owner"], pharos.get());
        assert_eq!(
            shown["counter"], 1,
            "the first message counts, the notice does not"
        );
        assert_eq!(messages(portal, &harbour)[0]["author_id"], pharos.get());

        let fields = json!({"title": "Mole", "description": "Stones", "color": "pink"});
        call(
            portal,
            pharos,
            "Chat.update",
            json!({"dialogId": harbour, "fields": fields}),
        );
        call(
            portal,
            pharos,
            "Chat.TextField.enabled",
            json!({"dialogId": harbour, "enabled": false}),
        );
        call(
            portal,
            pharos,
            "Chat.User.add",
            json!({"dialogId": harbour, "userIds": [4, 4, 99]}),
        );
        call(
            portal,
            pharos,
            "Chat.Manager.add",
            json!({"dialogId": harbour, "userIds": [3, 4, 5]}),
        );
        call(
            portal,
            pharos,
            "Chat.Manager.delete",
            json!({"dialogId": harbour, "userIds": [4]}),
        );
        let shown = dialog(portal, &harbour);
        let expected = [
            ("name", json!("Mole")),
            ("description", json!("Stones")),
            ("color", json!("#f76187")),
            ("text_field_enabled", json!(false)),
            ("user_counter", json!(4)),
            ("manager_list", json!([3, pharos.get()])),
            ("role", json!("manager")),
        ];
        for (name, value) in expected {
            assert_eq!(shown[name], value, "{name}");
        }

        call(
            portal,
            pharos,
            "Chat.User.delete",
            json!({"dialogId": harbour, "userId": 4}),
        );
        call(
            portal,
            pharos,
            "Chat.setOwner",
            json!({"dialogId": harbour, "userId": 2}),
        );
        let shown = dialog(portal, &harbour);
        assert_eq!(
            (&shown["owner"], &shown["user_counter"]),
            (&json!(2), &json!(3))
        );
        assert_eq!(
            shown["manager_list"],
            json!([2, 3]),
            "who hands over is a member"
        );
        call(portal, pharos, "Chat.leave", json!({"dialogId": harbour}));
        assert_eq!(dialog(portal, &harbour)["user_counter"], 2);
    });
}

#[test]
fn what_may_not_be_changed_as_a_whole_is_not_changed_in_part() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let deal = json!({"TITLE": "Deal", "USERS": [3, pharos.get()], "ENTITY_TYPE": "CRM", "ENTITY_ID": "DEAL|7"});
        let deal = format!("chat{}", portal.ok("ben", "im.chat.add", deal));
        let before = dialog(portal, &deal);
        let params = json!({
            "botId": pharos.get(), "botToken": TOKEN, "dialogId": deal, "fields": {"description": "Stones", "color": "red"},
        });
        let refused = portal.error("ada", "imbot.v2.Chat.update", params);
        assert_eq!(refused, (403, "ACCESS_DENIED".to_owned()));
        assert_eq!(dialog(portal, &deal), before);
    });
}

#[test]
fn people_see_what_a_bot_makes_of_its_messages() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let harbour = own(portal, pharos);
        let send = |fields: Value| {
            let params = json!({"dialogId": harbour, "fields": fields});
            call(portal, pharos, "Chat.Message.send", params)["id"].clone()
        };
        let keyboard = json!([{"TEXT": "More", "COMMAND": "tide"}]);
        let first = send(json!({"message": "Low water", "keyboard": keyboard}));
        let edit = |id: &Value, fields: Value| {
            call(
                portal,
                pharos,
                "Chat.Message.update",
                json!({"messageId": id, "fields": fields}),
            )
        };
        edit(&first, json!({"keyboard": "N"}));
        let shown = &messages(portal, &harbour)[0];
        assert_eq!(
            (&shown["text"], &shown["params"]),
            (&json!("Low water"), &json!([]))
        );
        edit(&first, json!({"message": "High water"}));
        let shown = &messages(portal, &harbour)[0];
        assert_eq!(shown["text"], "High water");
        assert_eq!(shown["params"], json!({"IS_EDITED": "Y"}));

        // Cho has seen the first, nobody the second.
        portal.ok("cho", "im.dialog.read", json!({"DIALOG_ID": harbour}));
        let second = send(json!({"message": "Gale warning"}));
        edit(&second, json!({"message": ""}));
        let left = messages(portal, &harbour);
        assert_eq!(
            left[0]["id"], first,
            "an empty text deletes what nobody saw"
        );
        assert_eq!(dialog(portal, &harbour)["counter"], 0);
        let delete = |params: Value| call(portal, pharos, "Chat.Message.delete", params);
        delete(json!({"messageId": first}));
        assert_ne!(
            messages(portal, &harbour)[0]["id"],
            first,
            "a manager leaves no tombstone"
        );
    });
}

#[test]
fn a_bot_that_manages_nothing_leaves_a_tombstone_of_what_was_seen() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let chat = group(portal, &[pharos, UserId(3)]);
        let quay = format!("chat{chat}");
        let send = || {
            let params = json!({"dialogId": quay, "fields": {"message": "Fog"}});
            call(portal, pharos, "Chat.Message.send", params)["id"].clone()
        };
        let (soft, complete) = (send(), send());
        look(portal, "ben", chat);
        call(
            portal,
            pharos,
            "Chat.Message.delete",
            json!({"messageId": soft}),
        );
        call(
            portal,
            pharos,
            "Chat.Message.delete",
            json!({"messageId": complete, "complete": true}),
        );
        let left = messages(portal, &quay);
        assert_eq!(left.len(), 1);
        assert_eq!((&left[0]["id"], &left[0]["text"]), (&soft, &json!("")));
        assert_eq!(
            dialog(portal, &quay)["counter"],
            1,
            "what is left is still to be read"
        );
    });
}

#[test]
fn reactions_of_bots_are_shown_and_told() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let chat = group(portal, &[pharos, UserId(3)]);
        let message = say(portal, BEN, chat);
        let react = |verb: &str, reaction: &str| {
            let params = json!({"messageId": message.get(), "reaction": reaction});
            let method = format!("Chat.Message.Reaction.{verb}");
            portal.events_of(|| call(portal, pharos, &method, params)).0
        };
        let changed = |reaction: &str, added: bool| {
            [Event::ReactionChanged {
                chat,
                message,
                user: pharos,
                reaction: reaction.to_owned(),
                added,
            }]
        };
        assert_eq!(react("add", "fire"), changed("fire", true));
        assert_eq!(react("add", "like"), changed("like", true));
        let params = || messages(portal, &format!("chat{chat}"))[0]["params"].clone();
        assert_eq!(params(), json!({"LIKE": [pharos.get()]}));
        assert_eq!(react("delete", "like"), changed("like", false));
        assert_eq!(
            params(),
            json!({"LIKE": [pharos.get()]}),
            "one reaction is left"
        );
        assert_eq!(react("delete", "fire"), changed("fire", false));
        assert_eq!(params(), json!([]));
    });
}

#[test]
fn what_a_bot_is_about_to_do_is_told_with_its_time() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let chat = group(portal, &[pharos]);
        let notify = |code: Value, duration: Value| {
            let params = json!({"dialogId": format!("chat{chat}"), "statusMessageCode": code, "duration": duration});
            let notify = || call(portal, pharos, "Chat.InputAction.notify", params);
            portal.events_of(notify).0
        };
        let action = |status, seconds| {
            [Event::Typing {
                chat,
                user: pharos,
                action: InputAction { status, seconds },
            }]
        };
        let typing = action(InputStatus::Typing, None);
        assert_eq!(notify(json!(null), json!(null)), typing);
        assert_eq!(
            notify(json!("IMBOT_AGENT_ACTION_READING_DOCS"), json!("90")),
            action(InputStatus::ReadingDocs, Some(90))
        );
        assert_eq!(
            notify(json!("IMBOT_AGENT_ACTION_THINKING"), json!(6000)),
            action(InputStatus::Thinking, Some(600))
        );
        assert_eq!(notify(json!("NAPPING"), json!(-1)), typing);
    });
}

#[test]
fn every_message_of_a_bot_is_counted() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let harbour = own(portal, pharos);
        let count = || call(portal, pharos, "Bot.get", json!({}))["bot"]["countMessage"].clone();
        assert_eq!(count(), 1, "the first message of a chat");
        let fields =
            json!({"message": "Fog", "forwardIds": {"a": messages(portal, &harbour)[0]["id"]}});
        let sent = call(
            portal,
            pharos,
            "Chat.Message.send",
            json!({"dialogId": harbour, "fields": fields}),
        );
        assert_eq!(count(), 3);
        call(
            portal,
            pharos,
            "Chat.Message.delete",
            json!({"messageId": sent["id"]}),
        );
        portal.ok(
            "ben",
            "im.message.add",
            json!({"DIALOG_ID": harbour, "MESSAGE": "Thanks"}),
        );
        assert_eq!(count(), 3);
    });
}
