//! Being told that somebody read: an extension that a bot asks for.

use readmark_testkit::{TestPortal, for_each_store};
use serde_json::{Value, json};

use crate::support::{
    Bot, assert_no_drift, bot_of, call, deliveries, drain, group, names, register, say,
};

fn ask(portal: &TestPortal, bot: &Bot) {
    let answer = call(portal, bot, "readmark.bot.readEvents", json!({}));
    assert_eq!(answer, json!(true));
}

fn read(portal: &TestPortal, who: &str, chat: i64) {
    let dialog = format!("chat{chat}");
    portal.ok(who, "im.dialog.read", json!({"DIALOG_ID": dialog}));
}

fn send(portal: &TestPortal, bot: &Bot, chat: i64) -> i64 {
    let params = json!({"dialogId": format!("chat{chat}"), "fields": {"message": "Ahoy"}});
    call(portal, bot, "imbot.v2.Chat.Message.send", params)["id"]
        .as_i64()
        .unwrap()
}

/// Readers and messages of the read events among these.
fn reads(events: Vec<(String, Value)>) -> Vec<(i64, i64)> {
    let of = |data: &Value| {
        let id = |value: &Value| value.as_i64().unwrap();
        (id(&data["user"]["id"]), id(&data["messageId"]))
    };
    events
        .iter()
        .filter(|(name, _)| name == "ONREADMARKMESSAGEREAD")
        .map(|(_, data)| of(data))
        .collect()
}

#[test]
fn a_bot_is_told_of_reads_of_its_own_messages_when_it_asked() {
    for_each_store(|portal| {
        let bot = bot_of(portal, "bot");
        let chat = group(portal, &[2, 3, bot.id]);
        let other = say(portal, "ada", &format!("chat{chat}"), "Not the bot's");
        let own = send(portal, &bot, chat);
        read(portal, "ben", chat);
        assert_eq!(reads(drain(portal, &bot)), [], "it did not ask");
        ask(portal, &bot);
        assert_no_drift(portal);
        read(portal, "cho", chat);
        let events = drain(portal, &bot);
        let data = &events[0].1;
        assert_eq!(data["dialogId"], json!(format!("chat{chat}")));
        assert_eq!(data["chat"]["id"], json!(chat));
        assert_eq!(data["bot"]["id"], json!(bot.id));
        assert_eq!(data["language"], json!("en"));
        assert_eq!(reads(events), [(3, own)]);
        assert!(other < own);
        // Reading again, or what is not the bot's, is no news.
        read(portal, "cho", chat);
        say(portal, "ada", &format!("chat{chat}"), "Nor this");
        read(portal, "cho", chat);
        assert_eq!(reads(drain(portal, &bot)), []);
        call(
            portal,
            &bot,
            "readmark.bot.readEvents",
            json!({"enable": "N"}),
        );
        send(portal, &bot, chat);
        read(portal, "cho", chat);
        assert_eq!(reads(drain(portal, &bot)), []);
    });
}

#[test]
fn a_bot_that_hears_everything_is_told_up_to_where_members_read() {
    for_each_store(|portal| {
        for kind in ["supervisor", "personal"] {
            let bot = bot_of(portal, kind);
            ask(portal, &bot);
            // Chats that it joins afterwards count, too.
            let chat = group(portal, &[2, 3, bot.id]);
            drain(portal, &bot);
            let dialog = format!("chat{chat}");
            let first = say(portal, "ada", &dialog, "one");
            let second = say(portal, "ada", &dialog, "two");
            let up_to = json!({"DIALOG_ID": dialog, "MESSAGE_ID": first});
            portal.ok("ben", "im.dialog.read", up_to);
            read(portal, "cho", chat);
            assert_eq!(
                reads(drain(portal, &bot)),
                [(2, first), (3, second)],
                "{kind}"
            );
        }
        let bot = bot_of(portal, "bot");
        ask(portal, &bot);
        say(portal, "ben", &bot.id.to_string(), "Hello");
        let params = json!({"dialogId": "2", "fields": {"message": "Ahoy"}});
        let own = call(portal, &bot, "imbot.v2.Chat.Message.send", params)["id"]
            .as_i64()
            .unwrap();
        drain(portal, &bot);
        portal.ok(
            "ben",
            "im.dialog.read",
            json!({"DIALOG_ID": bot.id.to_string()}),
        );
        assert_eq!(reads(drain(portal, &bot)), [(2, own)]);
    });
}

#[test]
fn of_one_reader_only_the_latest_event_waits() {
    for_each_store(|portal| {
        let bot = bot_of(portal, "supervisor");
        ask(portal, &bot);
        let chat = group(portal, &[2, 3, bot.id]);
        let dialog = format!("chat{chat}");
        drain(portal, &bot);
        let mut last = 0;
        for _ in 0..5 {
            last = say(portal, "ada", &dialog, "more");
            read(portal, "ben", chat);
        }
        read(portal, "cho", chat);
        assert_eq!(reads(drain(portal, &bot)), [(2, last), (3, last)]);
    });
}

#[test]
fn r13_who_hides_receipts_is_never_told_of() {
    for_each_store(|portal| {
        let bot = bot_of(portal, "supervisor");
        ask(portal, &bot);
        let chat = group(portal, &[2, bot.id]);
        portal.ok("ben", "readmark.receipts.hide", json!({}));
        say(portal, "ada", &format!("chat{chat}"), "Did you see this?");
        drain(portal, &bot);
        read(portal, "ben", chat);
        assert!(names(portal, &bot).is_empty());
    });
}

#[test]
fn what_is_sent_goes_where_messages_go_and_waits_once() {
    for_each_store(|portal| {
        let more = json!({"eventMode": "webhook", "webhookUrl": "https://bots.example/hook"});
        let bot = register(portal, "carrier", "a token", &more);
        ask(portal, &bot);
        let chat = group(portal, &[2, bot.id]);
        for _ in 0..3 {
            send(portal, &bot, chat);
            read(portal, "ben", chat);
        }
        let sent: Vec<_> = deliveries(portal)
            .into_iter()
            .filter(|(event, ..)| event == "ONREADMARKMESSAGEREAD")
            .collect();
        let [(_, url, data, _)] = sent.as_slice() else {
            panic!("{sent:?}");
        };
        assert_eq!(url, "https://bots.example/hook");
        assert_eq!(data["user"]["id"], json!(2));
        assert_no_drift(portal);
    });
}
