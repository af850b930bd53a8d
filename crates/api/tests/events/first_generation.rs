//! What bots of the first generation are sent (sources: first generation).

use readmark_api::objects::chat::dialog_id;
use readmark_model::UserId;
use readmark_store::{StoreError, TxExt, params};
use readmark_testkit::{
    TestPortal, for_each_store,
    rows::{chat, event_handler},
};
use serde_json::{Value, json};

use crate::support::{Bot, call, deliveries, group, register, say};

/// A bot as `imbot.register` and `imbot.update` leave it with all handlers.
fn old_bot(portal: &TestPortal) -> Bot {
    let bot = register(portal, "veteran", "veteran", &json!({}));
    let id = UserId(bot.id);
    let made: Result<(), StoreError> = portal.portal.store.write(move |tx| {
        tx.execute(
            "UPDATE bots SET generation = 1, event_mode = 'webhook' WHERE user_id = ?1",
            params![id],
        )?;
        for event in [
            "MESSAGEADD",
            "MESSAGEUPDATE",
            "MESSAGEDELETE",
            "JOINCHAT",
            "DELETE",
        ] {
            let name = format!("ONIMBOT{event}");
            let url = "https://hooks.example/v1";
            event_handler::replace(tx, id, &name, 0, url, readmark_model::Timestamp(0))?;
        }
        Ok(())
    });
    made.unwrap();
    bot
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn a_group_message_comes_without_what_mentions_the_bot() {
    for_each_store(|portal| {
        let bot = old_bot(portal);
        let chat = group(portal, &[2, bot.id]);
        let dialog = format!("chat{chat}");
        say(portal, "ben", &dialog, "to nobody");
        let text = format!("[USER={}]Veteran[/USER], what is the depth?", bot.id);
        let id = say(portal, "ben", &dialog, &text);
        let edit = json!({"MESSAGE_ID": id, "MESSAGE": format!("{text} Now?")});
        portal.ok("ben", "im.message.update", edit);
        portal.ok("ben", "im.message.delete", json!({"MESSAGE_ID": id}));
        let sent = deliveries(portal);
        let events: Vec<&str> = sent.iter().map(|(event, ..)| event.as_str()).collect();
        let expected = [
            "ONIMBOTJOINCHAT",
            "ONIMBOTMESSAGEADD",
            "ONIMBOTMESSAGEUPDATE",
            "ONIMBOTMESSAGEDELETE",
        ];
        assert_eq!(events, expected);

        let joined = &sent[0].2;
        assert_eq!(
            joined["PARAMS"],
            json!({
                "CHAT_TYPE": "C", "MESSAGE_TYPE": "C", "BOT_ID": bot.id, "USER_ID": 1, "CHAT_ID": chat,
                "CHAT_AUTHOR_ID": 1, "CHAT_ENTITY_TYPE": "", "CHAT_ENTITY_ID": "", "ACCESS_HISTORY": 1,
                "DIALOG_ID": dialog, "LANGUAGE": "en",
            })
        );
        assert_eq!(
            joined["USER"],
            json!({
                "ID": 1, "NAME": "Ada Brandt", "FIRST_NAME": "Ada", "LAST_NAME": "Brandt",
                "WORK_POSITION": "Keeper", "GENDER": "F",
            })
        );

        let added = &sent[1].2;
        assert_eq!(keys(added), ["PARAMS", "USER"]);
        for (name, value) in [
            ("MESSAGE", json!(", what is the depth?")),
            ("MESSAGE_ORIGINAL", json!(text)),
            ("MENTIONED_LIST", json!({bot.id.to_string(): bot.id})),
            ("MESSAGE_TYPE", json!("C")),
            ("FROM_USER_ID", json!(2)),
            ("AUTHOR_ID", json!(2)),
            ("TO_USER_ID", json!(bot.id)),
            ("DIALOG_ID", json!(dialog)),
            ("TO_CHAT_ID", json!(chat)),
            ("MESSAGE_ID", json!(id)),
            ("CHAT_PREV_MESSAGE_ID", json!(id - 1)),
            ("CHAT_CAN_POST", json!("MEMBER")),
            ("CHAT_USER_COUNT", json!(3)),
            ("IS_MANAGER", json!("N")),
            ("SYSTEM", json!("N")),
            ("PUSH", json!("Y")),
            ("COMMAND_CONTEXT", json!("TEXTAREA")),
        ] {
            assert_eq!(added["PARAMS"][name], value, "{name}");
        }
        let user = [
            "ID",
            "NAME",
            "FIRST_NAME",
            "LAST_NAME",
            "WORK_POSITION",
            "GENDER",
            "IS_BOT",
            "IS_CONNECTOR",
            "IS_NETWORK",
            "IS_EXTRANET",
        ];
        assert_eq!(keys(&added["USER"]), user);

        let changed = &sent[2].2["PARAMS"];
        assert_eq!(changed["MESSAGE"], json!(", what is the depth? Now?"));
        assert_eq!(
            (&changed["ID"], &changed["MESSAGE_ID"]),
            (&json!(id), &json!(id))
        );
        let deleted = &sent[3].2["PARAMS"];
        assert_eq!(deleted["MESSAGE"], json!("This message was deleted."));
        assert_eq!(deleted.get("MESSAGE_ORIGINAL"), None);
    });
}

#[test]
fn a_private_message_says_nothing_of_the_chat() {
    for_each_store(|portal| {
        let bot = old_bot(portal);
        say(portal, "ben", &bot.id.to_string(), "Are you there?");
        call(portal, &bot, "imbot.v2.Bot.unregister", json!({}));
        let sent = deliveries(portal);
        let joined = &sent[0].2["PARAMS"];
        assert_eq!(
            (&joined["TO_USER_ID"], &joined["FROM_USER_ID"]),
            (&json!(2), &json!(bot.id))
        );
        let added = &sent[1].2["PARAMS"];
        assert_eq!(added["DIALOG_ID"], json!("2"));
        assert_eq!(added["MESSAGE"], json!("Are you there?"));
        for absent in [
            "CHAT_ID",
            "CHAT_TITLE",
            "MENTIONED_LIST",
            "MESSAGE_ORIGINAL",
            "RID",
        ] {
            assert_eq!(added.get(absent), None, "{absent}");
        }
        assert_eq!(sent[2].0, "ONIMBOTDELETE");
        assert_eq!(sent[2].2, json!({"BOT_ID": bot.id, "BOT_CODE": "veteran"}));
    });
}

#[test]
fn who_is_not_in_a_private_chat_names_it_by_its_number() {
    for_each_store(|portal| {
        say(portal, "ada", "2", "between us");
        let found: Result<_, StoreError> = (portal.portal.store).read(|tx| {
            chat::find_private(tx, UserId(1), UserId(2)).and_then(|id| chat::find(tx, id.unwrap()))
        });
        let chat = found.unwrap().unwrap();
        assert_eq!(dialog_id(&chat, UserId(1)), "2");
        assert_eq!(dialog_id(&chat, UserId(2)), "1");
        assert_eq!(dialog_id(&chat, UserId(9)), format!("chat{}", chat.id));
        let none: Result<Option<()>, StoreError> = (portal.portal.store)
            .read(|tx| tx.find("SELECT 1 FROM deliveries", params![], |_| Ok(())));
        assert_eq!(none.unwrap(), None, "nobody listens");
    });
}
