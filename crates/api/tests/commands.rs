//! Slash commands: who is called by what, and what a call allows, on both stores.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use readmark_app::{
    Refused,
    message::send::{self, Draft, SendRefusal},
    pruning::{self, Keep, Old},
    verify,
};
use readmark_model::{
    ChatId, Event, MessageKind, MessageParams, UserId,
    command::{ANSWER_PERIOD, CommandContext},
};
use readmark_store::StoreError;
use readmark_testkit::{TestPortal, for_each_store, people::id_of};
use serde_json::{Value, json};

const TOKEN: &str = "lighthouse-17";

fn bot(portal: &TestPortal, code: &str) -> i64 {
    let fields = json!({"code": code, "botToken": TOKEN, "properties": {"name": "Pharos"}});
    let made = portal.ok("ada", "imbot.v2.Bot.register", json!({"fields": fields}));
    made["bot"]["id"].as_i64().unwrap()
}

fn command(portal: &TestPortal, bot: i64, name: &str, further: &Value) -> i64 {
    let mut fields = json!({"command": name, "title": {"en": "Tides"}});
    for (key, value) in further.as_object().unwrap() {
        fields[key] = value.clone();
    }
    let params = json!({"botId": bot, "botToken": TOKEN, "fields": fields});
    let made = portal.ok("ada", "imbot.v2.Command.register", params);
    made["command"]["id"].as_i64().unwrap()
}

fn chat(portal: &TestPortal, users: &[i64]) -> i64 {
    let params = json!({"TITLE": "Harbour", "USERS": users});
    portal.ok("ada", "im.chat.add", params).as_i64().unwrap()
}

/// Sends a text and answers the commands that it called: their ids and parameters.
fn calls(portal: &TestPortal, who: UserId, chat: i64, text: &str) -> Vec<(i64, String)> {
    calls_of(portal, who, chat, text, MessageKind::Post)
}

fn calls_of(
    portal: &TestPortal,
    who: UserId,
    chat: i64,
    text: &str,
    kind: MessageKind,
) -> Vec<(i64, String)> {
    let text = text.to_owned();
    let found: Result<_, Refused<SendRefusal>> = portal.run(who, move |cx| {
        let draft = Draft {
            kind,
            text: &text,
            params: MessageParams::empty(),
            reply: None,
            uuid: None,
        };
        let message = send::send(cx, ChatId(chat), &draft)?;
        let mut calls = Vec::new();
        for event in &cx.events {
            let Event::CommandCalled { call } = event else {
                continue;
            };
            assert_eq!((call.chat, call.message), (ChatId(chat), message));
            assert_eq!((call.user, call.context), (who, CommandContext::TextArea));
            calls.push((call.command, call.params.clone()));
        }
        Ok(calls)
    });
    found.unwrap()
}

fn call(id: i64, params: &str) -> (i64, String) {
    (id, params.to_owned())
}

fn write(portal: &TestPortal, chat: i64, text: &str) -> i64 {
    let params = json!({"DIALOG_ID": format!("chat{chat}"), "MESSAGE": text});
    portal.ok("ada", "im.message.add", params).as_i64().unwrap()
}

fn answer(bot: i64, command: i64, message: i64, chat: i64) -> Value {
    json!({
        "botId": bot, "botToken": TOKEN, "commandId": command, "messageId": message,
        "dialogId": format!("chat{chat}"), "fields": {"message": "high at noon"},
    })
}

fn last_message(portal: &TestPortal, chat: i64) -> Value {
    let params = json!({"DIALOG_ID": format!("chat{chat}"), "LIMIT": 1});
    portal.ok("ada", "im.dialog.messages.get", params)["messages"][0].clone()
}

fn count_commands(portal: &TestPortal, bot: i64) -> i64 {
    let params = json!({"botId": bot, "botToken": TOKEN});
    portal.ok("ada", "imbot.v2.Bot.get", params)["bot"]["countCommand"]
        .as_i64()
        .unwrap()
}

fn assert_no_drift(portal: &TestPortal) {
    let report: Result<_, StoreError> =
        portal.run(id_of("ada"), |cx| verify::verify(cx.tx, &mut |_, _| {}));
    assert_eq!(report.unwrap().drift, []);
}

#[test]
fn commands_of_the_chats_bots_and_common_ones_are_called() {
    for_each_store(|portal| {
        let (inside, outside) = (bot(portal, "inside"), bot(portal, "outside"));
        let local = command(portal, inside, "tide", &json!({}));
        let foreign = command(portal, outside, "moon", &json!({}));
        let common = command(portal, outside, "Tide", &json!({"common": true}));
        let ada = id_of("ada");
        let here = chat(portal, &[2, inside]);
        assert_eq!(
            calls(portal, ada, here, "/TIDE at noon\nand then\n/moon\n/tide"),
            [
                call(local, "at noon"),
                call(common, "at noon"),
                call(local, ""),
                call(common, "")
            ]
        );
        let elsewhere = chat(portal, &[2]);
        assert_eq!(calls(portal, ada, elsewhere, "/tide"), [call(common, "")]);
        let there = chat(portal, &[outside]);
        assert_eq!(calls(portal, ada, there, "/moon"), [call(foreign, "")]);
        for text in ["tide", "see /tide", "[CODE]\n/tide\n[/CODE]", "/ebb"] {
            assert_eq!(calls(portal, ada, here, text), [], "{text}");
        }
        assert_no_drift(portal);
    });
}

#[test]
fn bots_and_system_messages_call_nothing() {
    for_each_store(|portal| {
        let pharos = bot(portal, "pharos");
        command(portal, pharos, "tide", &json!({}));
        let here = chat(portal, &[pharos]);
        assert_eq!(calls(portal, UserId(pharos), here, "/tide"), []);
        assert_eq!(
            calls_of(portal, id_of("ada"), here, "/tide", MessageKind::System),
            []
        );
    });
}

#[test]
fn an_extranet_user_calls_what_supports_them() {
    for_each_store(|portal| {
        let pharos = bot(portal, "pharos");
        command(portal, pharos, "tide", &json!({"common": true}));
        let open = command(portal, pharos, "moon", &json!({"extranetSupport": true}));
        let here = chat(portal, &[5, pharos]);
        let eva = id_of("eva");
        assert_eq!(calls(portal, eva, here, "/tide\n/moon"), [call(open, "")]);
        assert_eq!(calls(portal, id_of("ada"), here, "/tide\n/moon").len(), 2);
    });
}

#[test]
fn an_answer_is_let_in_for_a_day() {
    for_each_store(|portal| {
        let pharos = bot(portal, "pharos");
        let tide = command(portal, pharos, "tide", &json!({"common": true}));
        let here = chat(portal, &[2]);
        let message = write(portal, here, "/tide");
        let answer = answer(pharos, tide, message, here);
        portal.shift_clock(ANSWER_PERIOD - 60_000);
        portal.ok("ada", "imbot.v2.Command.answer", answer.clone());
        portal.shift_clock(120_000);
        let refused = portal.error("ada", "imbot.v2.Command.answer", answer.clone());
        assert_eq!(refused.1, "COMMAND_ANSWER_FAILED");
        // Pressing the button of the same message calls once more.
        let press = json!({"MESSAGE_ID": message, "BOT_ID": pharos, "COMMAND": "tide"});
        portal.ok("ben", "im.message.command", press);
        portal.ok("ada", "imbot.v2.Command.answer", answer);
        assert_no_drift(portal);
    });
}

#[test]
fn calls_that_can_be_answered_no_more_are_deleted_and_others_stay() {
    for_each_store(|portal| {
        let pharos = bot(portal, "pharos");
        let tide = command(portal, pharos, "tide", &json!({"common": true}));
        let here = chat(portal, &[2]);
        for _ in 0..3 {
            write(portal, here, "/tide");
        }
        portal.shift_clock(ANSWER_PERIOD);
        let young = write(portal, here, "/tide");
        let deleted: Result<_, StoreError> = portal.run(id_of("ada"), |cx| {
            let keep = Keep {
                events: 0,
                deliveries: 0,
            };
            let mut two = || pruning::prune(cx.tx, Old::CommandCalls, &keep, cx.now, 2);
            Ok((two()?, two()?))
        });
        assert_eq!(deleted.unwrap(), (2, 1));
        let answer = answer(pharos, tide, young, here);
        portal.ok("ada", "imbot.v2.Command.answer", answer);
    });
}

#[test]
fn a_bot_signs_where_it_is_no_member_and_is_counted() {
    for_each_store(|portal| {
        let pharos = bot(portal, "pharos");
        let tide = command(portal, pharos, "tide", &json!({"common": true}));
        let here = chat(portal, &[2]);
        let message = write(portal, here, "/tide");
        let params = answer(pharos, tide, message, here);
        portal.ok("ada", "imbot.v2.Command.answer", params);
        let signed = last_message(portal, here);
        assert_eq!(signed["text"], "[B]Pharos[/B]\nhigh at noon");
        assert_eq!(signed["author_id"], 0);

        let with_it = chat(portal, &[2, pharos]);
        let message = write(portal, with_it, "/tide");
        let params = answer(pharos, tide, message, with_it);
        portal.ok("ada", "imbot.v2.Command.answer", params);
        let own = last_message(portal, with_it);
        assert_eq!(own["text"], "high at noon");
        assert_eq!(own["author_id"], pharos);

        let got = json!({"botId": pharos, "botToken": TOKEN});
        let got = portal.ok("ada", "imbot.v2.Bot.get", got);
        assert_eq!(got["bot"]["countMessage"], 2);
        // Ben reads exactly what is there: two chats with two messages of others each.
        let counters = portal.ok("ben", "im.counters.get", json!({}));
        assert_eq!(counters["TYPE"]["CHAT"], 4);
        assert_no_drift(portal);
    });
}

#[test]
fn commands_are_counted_and_go_with_their_bot() {
    for_each_store(|portal| {
        let pharos = bot(portal, "pharos");
        assert_eq!(count_commands(portal, pharos), 0);
        let tide = command(portal, pharos, "tide", &json!({"common": true}));
        command(portal, pharos, "moon", &json!({}));
        assert_eq!(count_commands(portal, pharos), 2);
        let here = chat(portal, &[2]);
        write(portal, here, "/tide");
        let params = json!({"botId": pharos, "botToken": TOKEN, "commandId": tide});
        portal.ok("ada", "imbot.v2.Command.unregister", params);
        assert_eq!(count_commands(portal, pharos), 1);
        assert_no_drift(portal);
        let params = json!({"botId": pharos, "botToken": TOKEN});
        portal.ok("ada", "imbot.v2.Bot.unregister", params);
        assert_eq!(calls(portal, id_of("ada"), here, "/moon\n/tide"), []);
        assert_no_drift(portal);
    });
}

#[test]
fn a_command_registered_from_many_sides_is_one_command() {
    for_each_store(|portal| {
        let pharos = bot(portal, "pharos");
        let ids: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6)
                .map(|_| scope.spawn(|| command(portal, pharos, "tide", &json!({}))))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(count_commands(portal, pharos), 1);
    });
}

#[test]
fn calls_while_their_command_goes_leave_nothing_behind() {
    for_each_store(|portal| {
        let pharos = bot(portal, "pharos");
        let tide = command(portal, pharos, "tide", &json!({"common": true}));
        let here = chat(portal, &[2]);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| write(portal, here, "/tide"));
            }
            scope.spawn(|| {
                let params = json!({"botId": pharos, "botToken": TOKEN, "commandId": tide});
                portal.ok("ada", "imbot.v2.Command.unregister", params)
            });
        });
        assert_no_drift(portal);
    });
}

/// What a bot was told since the beginning: the event, and what it says about the command.
fn told(portal: &TestPortal, bot: i64) -> Vec<(String, Value)> {
    let params = json!({"botId": bot, "botToken": TOKEN});
    let events = portal.ok("ada", "imbot.v2.Event.get", params);
    let events = events["events"].as_array().unwrap();
    let told = events.iter().map(|event| {
        let kind = event["type"].as_str().unwrap().to_owned();
        (kind, event["data"]["command"].clone())
    });
    told.filter(|(kind, _)| kind != "ONIMBOTV2JOINCHAT")
        .collect()
}

#[test]
fn a_bot_is_told_of_calls_and_not_of_the_message_beside() {
    for_each_store(|portal| {
        let pharos = bot(portal, "pharos");
        let tide = command(portal, pharos, "tide", &json!({"common": true}));
        let here = chat(portal, &[2, pharos]);
        let message = write(
            portal,
            here,
            &format!("/tide at noon\n[USER={pharos}]Pharos[/USER]\n/TIDE"),
        );
        let called = |params: &str, context: &str| {
            let command =
                json!({"id": tide, "command": "/tide", "params": params, "context": context});
            ("ONIMBOTV2COMMANDADD".to_owned(), command)
        };
        let mut expected = vec![called("at noon", "textarea"), called("", "textarea")];
        assert_eq!(told(portal, pharos), expected);

        let elsewhere = chat(portal, &[2]);
        let menu = json!({"BOT_ID": pharos, "ITEMS": [{"TEXT": "Tides", "COMMAND": "tide", "COMMAND_PARAMS": "now"}]});
        let params =
            json!({"DIALOG_ID": format!("chat{elsewhere}"), "MESSAGE": "tides", "MENU": menu});
        let offering = portal.ok("ada", "im.message.add", params);
        let press = |message: Value, params: &str| {
            let params = json!({"MESSAGE_ID": message, "BOT_ID": pharos, "COMMAND": "tide", "COMMAND_PARAMS": params});
            portal.ok("ben", "im.message.command", params);
        };
        press(offering, "now");
        press(json!(message), "then");
        expected.extend([called("now", "menu"), called("then", "keyboard")]);
        assert_eq!(told(portal, pharos), expected);

        // Its own answer is nothing new to the bot.
        let params = answer(pharos, tide, message, here);
        portal.ok("ada", "imbot.v2.Command.answer", params);
        assert_eq!(told(portal, pharos), expected);
    });
}
