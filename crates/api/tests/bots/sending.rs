//! `imbot.v2.Chat.Message.send`.

use readmark_model::{ChatKind, MessageId, MessageKind, UserId, message::Message};
use readmark_store::StoreError;
use readmark_testkit::{TestPortal, for_each_store, rows::message};
use serde_json::{Value, json};

use crate::support::{
    BEN, CHO, TOKEN, assert_refused, bot, chat_of, delete, group, join, look, notice, say, traces,
};

const SEND: &str = "imbot.v2.Chat.Message.send";

fn params(bot: UserId, dialog: impl ToString, fields: Value) -> Value {
    json!({"botId": bot.get(), "botToken": TOKEN, "dialogId": dialog.to_string(), "fields": fields})
}

fn found(portal: &TestPortal, id: &Value) -> Message {
    let id = MessageId(id.as_i64().unwrap());
    let found: Result<_, StoreError> = portal.portal.store.read(move |tx| message::find(tx, id));
    found.unwrap().unwrap()
}

#[test]
fn a_message_is_sent_as_the_bot_and_counts_for_the_others() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let chat = group(portal, &[pharos]);
        let asked = say(portal, BEN, chat);
        let fields = json!({
            "message": "High water at noon", "replyId": asked.get(), "templateId": "5a7c3f0e-tide", "urlPreview": false,
            "keyboard": [{"TEXT": "More", "COMMAND": "tide"}],
        });
        let sent = portal.ok("ada", SEND, params(pharos, format!("chat{chat}"), fields));
        assert_eq!(sent["uuidMap"], json!({}));
        let message = found(portal, &sent["id"]);
        assert_eq!(message.author, pharos);
        assert_eq!(message.kind, MessageKind::Post);
        assert_eq!(message.text, "High water at noon");
        assert_eq!(message.reply, Some(asked));
        assert_eq!(message.uuid.as_deref(), Some("5a7c3f0e-tide"));
        assert!(message.params.plain_links);
        let keyboard = message.params.keyboard.unwrap();
        let keyboard: Value = serde_json::from_str(keyboard.as_str()).unwrap();
        assert_eq!(keyboard[0]["BOT_ID"], json!(pharos.get()));
        let counter = portal.ok(
            "ben",
            "im.dialog.get",
            json!({"DIALOG_ID": format!("chat{chat}")}),
        )["counter"]
            .clone();
        assert_eq!(counter, json!(1));
    });
}

#[test]
fn a_system_message_counts_and_has_no_author_to_be_shown() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let chat = group(portal, &[pharos]);
        for system in [json!(true), json!("Y"), json!(1)] {
            let sent = portal.ok(
                "ada",
                SEND,
                params(
                    pharos,
                    format!("chat{chat}"),
                    json!({"message": "Fog", "system": system}),
                ),
            );
            let message = found(portal, &sent["id"]);
            assert_eq!(
                (message.kind, message.shown_author()),
                (MessageKind::System, UserId(0))
            );
        }
    });
}

#[test]
fn a_private_message_reaches_somebody_the_bot_never_met() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        portal.ok("ada", SEND, params(pharos, 3, json!({"message": "Ahoy"})));
        let detail = portal.ok("cho", "im.dialog.get", json!({"DIALOG_ID": pharos.get()}));
        assert_eq!(detail["counter"], json!(1));
    });
}

#[test]
fn what_a_bot_may_not_reach_is_denied() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let closed = group(portal, &[CHO]);
        let channel = chat_of(portal, ChatKind::Channel, &[pharos]);
        let before = traces(portal, closed, pharos);
        for dialog in [
            format!("chat{closed}"),
            format!("chat{channel}"),
            "chat9999".into(),
            "999".into(),
            "x".into(),
            String::new(),
        ] {
            let answered = portal.call(
                "ada",
                SEND,
                &params(pharos, &dialog, json!({"message": "Ahoy"})),
            );
            assert_refused(&answered, 403, "ACCESS_DENIED");
        }
        assert_eq!(traces(portal, closed, pharos), before);
    });
}

#[test]
fn without_text_attachment_or_forwarded_message_nothing_is_sent() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let chat = group(portal, &[pharos]);
        let dialog = format!("chat{chat}");
        for fields in [
            json!(null),
            json!("Ahoy"),
            json!({}),
            json!({"message": " \n\u{0} "}),
            json!({"message": "", "attach": [], "forwardIds": {}}),
            json!({"keyboard": [{"TEXT": "More", "COMMAND": "tide"}]}),
        ] {
            let answered = portal.call("ada", SEND, &params(pharos, &dialog, fields));
            assert_refused(&answered, 400, "EMPTY_MESSAGE");
        }
        let attach = json!({"attach": [{"MESSAGE": "Chart of the bay"}]});
        let sent = portal.ok("ada", SEND, params(pharos, &dialog, attach));
        assert_eq!(found(portal, &sent["id"]).text, "");
    });
}

#[test]
fn what_is_built_wrongly_is_not_sent() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let chat = group(portal, &[pharos]);
        let good = say(portal, BEN, chat).get();
        let other = say(portal, BEN, group(portal, &[pharos])).get();
        let many: serde_json::Map<String, Value> = (0..101)
            .map(|n| (format!("uuid-{n}"), json!(good)))
            .collect();
        let before = traces(portal, chat, pharos);
        for wrong in [
            json!({"attach": [{"NONSENSE": 1}]}),
            json!({"attach": "{"}),
            json!({"keyboard": [{"TEXT": "Go", "LINK": "javascript:alert(1)"}]}),
            json!({"replyId": other}),
            json!({"replyId": 999_999}),
            json!({"replyId": -1}),
            json!({"replyId": "first"}),
            json!({"templateId": ["a"]}),
            json!({"templateId": "u".repeat(256)}),
            json!({"forwardIds": many}),
            json!({"forwardIds": {"a": "first"}}),
            json!({"forwardIds": {"a": 0}}),
            json!({"forwardIds": {"a": null}}),
            json!({"forwardIds": "first"}),
        ] {
            let mut fields = json!({"message": "Ahoy"});
            fields
                .as_object_mut()
                .unwrap()
                .extend(wrong.as_object().unwrap().clone());
            let answered = portal.call("ada", SEND, &params(pharos, format!("chat{chat}"), fields));
            assert_refused(&answered, 400, "SENDING_FAILED");
            assert_eq!(traces(portal, chat, pharos), before, "{wrong}");
        }
    });
}

#[test]
fn messages_are_forwarded_with_where_they_come_from() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let source = group(portal, &[pharos]);
        let target = group(portal, &[CHO, pharos]);
        let plain = say(portal, BEN, source);
        let rich = portal.ok("ada", SEND, params(pharos, format!("chat{source}"), json!({
            "message": "Chart", "attach": [{"MESSAGE": "of the bay"}], "keyboard": [{"TEXT": "More", "COMMAND": "tide"}],
        })));
        let fields = json!({"message": "See these", "forwardIds": {"uuid-b": rich["id"], "uuid-a": plain.get().to_string()}});
        let sent = portal.ok("ada", SEND, params(pharos, format!("chat{target}"), fields));
        let map = sent["uuidMap"].as_object().unwrap();
        assert_eq!(map.keys().collect::<Vec<_>>(), ["uuid-b", "uuid-a"]);
        let own = found(portal, &sent["id"]);
        assert_eq!((own.text.as_str(), own.seq.get()), ("See these", 1));
        let (first, second) = (found(portal, &map["uuid-b"]), found(portal, &map["uuid-a"]));
        assert_eq!((first.seq.get(), second.seq.get()), (2, 3));
        assert_eq!(
            (first.text.as_str(), second.text.as_str()),
            ("Chart", "the tide is out")
        );
        assert_eq!((first.author, second.author), (pharos, pharos));
        assert_eq!(second.uuid.as_deref(), Some("uuid-a"));
        assert!(first.params.attach.is_some() && first.params.keyboard.is_none());
        let page = portal.ok(
            "cho",
            "im.dialog.messages.get",
            json!({"DIALOG_ID": format!("chat{target}")}),
        );
        let shown = page["messages"]
            .as_array()
            .unwrap()
            .iter()
            .find(|shown| shown["id"] == map["uuid-a"])
            .unwrap();
        assert_eq!(shown["params"].get("FORWARD"), None, "{shown}");
        // With nothing of its own the last copy is the message.
        let sent = portal.ok(
            "ada",
            SEND,
            params(pharos, 3, json!({"forwardIds": {"only": plain.get()}})),
        );
        assert_eq!(sent["id"], sent["uuidMap"]["only"]);
    });
}

#[test]
fn a_message_that_the_bot_cannot_see_is_not_forwarded_and_nothing_is_sent() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let target = group(portal, &[pharos]);
        let good = say(portal, BEN, target);
        let foreign = say(portal, BEN, group(portal, &[CHO]));
        let open = say(portal, BEN, chat_of(portal, ChatKind::Open, &[CHO]));
        let later = group(portal, &[CHO]);
        let hidden = say(portal, CHO, later);
        join(portal, later, pharos, false);
        let renamed = notice(portal, CHO, later);
        let tombstone = say(portal, CHO, later);
        look(portal, "ben", later);
        delete(portal, CHO, tombstone);
        let before = traces(portal, target, pharos);
        for id in [
            foreign,
            open,
            hidden,
            renamed,
            tombstone,
            MessageId(999_999),
        ] {
            let fields = json!({"message": "Look", "forwardIds": {"a": good.get(), "b": id.get()}});
            let answered = portal.call(
                "ada",
                SEND,
                &params(pharos, format!("chat{target}"), fields),
            );
            assert_refused(&answered, 403, "ACCESS_DENIED");
            assert_eq!(traces(portal, target, pharos), before, "{id}");
        }
    });
}
