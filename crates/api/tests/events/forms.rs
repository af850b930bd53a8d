//! Every event as it is sent, word for word: what `forms/` has is what handlers get, on both stores (sources: event objects, handlers, first generation).
//! `UPDATE_GOLDEN=1` writes what is sent into the files instead.

use std::{collections::BTreeSet, fs, path::PathBuf};

use readmark_api::events::delivery::{Access, HandlerRequest, PortalFacts};
use readmark_model::{
    Scopes, Timestamp, UserId,
    bot::{Generation, StreamEvent},
};
use readmark_testkit::{TestPortal, for_each_store};
use serde_json::{Value, json};

use crate::support::{Bot, call, deliveries, group, register, say};

/// Everything that is sent, one pair a line, with readable brackets.
fn sent(portal: &TestPortal, generation: i64) -> (String, BTreeSet<String>) {
    let (mut text, mut events) = (String::new(), BTreeSet::new());
    let waiting = deliveries(portal).into_iter().enumerate();
    for (place, (event, _, data, bot)) in waiting {
        assert_eq!(bot["generation"], json!(generation));
        let id = UserId(bot["botId"].as_i64().unwrap());
        let access = |user| Access { user, grant: None };
        let request = HandlerRequest {
            event_id: place as i64 + 1,
            event: &event,
            handler_id: 1,
            data: &data.to_string(),
            bot: &bot.to_string(),
            portal: &PortalFacts {
                base_url: "https://chat.harbour.example".to_owned(),
                member_id: "a1".repeat(16),
            },
            scopes: Scopes::parse("im,imbot").unwrap(),
            acting: Some(access(UserId(2))),
            own: access(id),
            now: Timestamp(1_800_000_000_000),
        };
        let body = request.body().unwrap();
        let readable = body.replace("%5B", "[").replace("%5D", "]");
        text.push_str(&readable.replace('&', "\n"));
        text.push_str("\n\n");
        events.insert(event);
    }
    (text, events)
}

fn check(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/events/forms")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    for (line, (got, wanted)) in text.lines().zip(expected.lines()).enumerate() {
        assert_eq!(got, wanted, "{name}, line {}", line + 1);
    }
    assert_eq!(text.len(), expected.len(), "{name} is longer or shorter");
}

/// Something of everything happens around a bot that is called by a command of its own.
fn live(portal: &TestPortal, bot: &Bot, remove: impl Fn()) {
    let chat = group(portal, &[2, bot.id]);
    let dialog = format!("chat{chat}");
    let text = format!("[USER={}]Pilot[/USER], which berth?", bot.id);
    let id = say(portal, "ben", &dialog, &text);
    let edit = json!({"MESSAGE_ID": id, "MESSAGE": format!("{text} And when?")});
    portal.ok("ben", "im.message.update", edit);
    portal.ok("ben", "im.message.delete", json!({"MESSAGE_ID": id}));
    say(portal, "ben", &dialog, "/berth north 4");
    let answer = json!({"dialogId": dialog, "fields": {"message": "Number 4"}});
    let answer = call(portal, bot, "imbot.v2.Chat.Message.send", answer);
    let like = json!({"MESSAGE_ID": answer["id"], "ACTION": "plus"});
    portal.ok("ben", "im.message.like", like);
    say(portal, "ben", &bot.id.to_string(), "In private");
    remove();
}

#[test]
fn every_event_of_the_second_generation_is_sent_word_for_word() {
    for_each_store(|portal| {
        let mode = json!({"eventMode": "webhook", "webhookUrl": "https://hooks.example/pilot"});
        let bot = register(portal, "pilot", "pilot token", &mode);
        let command = json!({"fields": {"command": "berth", "title": {"en": "Finds a berth"}}});
        call(portal, &bot, "imbot.v2.Command.register", command);
        call(portal, &bot, "readmark.bot.readEvents", json!({}));
        live(portal, &bot, || {
            let context = json!({"page": "berths", "rows": [1, 2]});
            let params = json!({"dialogId": bot.id.to_string(), "context": context});
            portal.ok("ben", "im.v2.Chat.Bot.sendContext", params);
            portal.ok("ben", "im.dialog.read.all", json!({}));
            let params = json!({"dialogId": "2", "fields": {"message": "Noted"}});
            call(portal, &bot, "imbot.v2.Chat.Message.send", params);
            portal.ok("ben", "im.dialog.read", json!({"DIALOG_ID": bot.id}));
            call(portal, &bot, "imbot.v2.Bot.unregister", json!({}));
        });
        let (text, events) = sent(portal, 2);
        let all = StreamEvent::ALL
            .into_iter()
            .chain([StreamEvent::MessageRead]);
        let all: BTreeSet<String> = all
            .filter_map(|event| event.bot_name(Generation::Second))
            .map(str::to_owned)
            .collect();
        assert_eq!(events, all);
        check("second.txt", &text);
    });
}

#[test]
fn every_event_of_the_first_generation_is_sent_word_for_word() {
    for_each_store(|portal| {
        let url = "https://hooks.example/pilot";
        let id = portal.ok(
            "ada",
            "imbot.register",
            json!({
                "CODE": "pilot", "CLIENT_ID": "pilot token", "EVENT_HANDLER": url,
                "PROPERTIES": {"NAME": "Pilot", "LAST_NAME": "Boat"},
            }),
        );
        let handlers = json!({
            "EVENT_MESSAGE_UPDATE": url, "EVENT_MESSAGE_DELETE": url, "EVENT_MESSAGE_ADD": url,
        });
        let update = json!({"BOT_ID": id, "CLIENT_ID": "pilot token", "FIELDS": handlers});
        portal.ok("ada", "imbot.update", update);
        let command = json!({
            "BOT_ID": id, "CLIENT_ID": "pilot token", "COMMAND": "berth", "EVENT_COMMAND_ADD": url,
            "LANG": [{"LANGUAGE_ID": "en", "TITLE": "Finds a berth", "PARAMS": "side"}],
        });
        portal.ok("ada", "imbot.command.register", command);
        let bot = Bot {
            id: id.as_i64().unwrap(),
            token: "pilot token".to_owned(),
        };
        live(portal, &bot, || {
            let gone: Value = json!({"BOT_ID": bot.id, "CLIENT_ID": "pilot token"});
            portal.ok("ada", "imbot.unregister", gone);
        });
        let (text, events) = sent(portal, 1);
        let all: BTreeSet<String> = StreamEvent::ALL
            .into_iter()
            .filter_map(|event| event.bot_name(Generation::First))
            .map(str::to_owned)
            .collect();
        assert_eq!(events, all);
        check("first.txt", &text);
    });
}
