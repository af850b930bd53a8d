//! What `imbot.v2.Chat.Message.read` refuses, and that nothing changes then.

use readmark_model::{ChatKind, MessageId};
use readmark_testkit::{for_each_store, rows};
use serde_json::{Value, json};

use crate::support::{
    BEN, CHO, TOKEN, assert_refused, bot, chat_of, delete, group, join, look, notice, read,
    read_params, say, state, traces,
};

const READ: &str = "imbot.v2.Chat.Message.read";

#[test]
fn a_message_that_the_bot_cannot_see_is_not_found_and_changes_nothing() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let chat = group(portal, &[CHO]);
        let hidden = say(portal, CHO, chat);
        join(portal, chat, bot, false);
        let deleted = say(portal, CHO, chat);
        let tombstone = say(portal, CHO, chat);
        delete(portal, CHO, deleted);
        look(portal, "ben", chat);
        delete(portal, CHO, tombstone);
        let elsewhere = group(portal, &[bot]);
        let foreign = say(portal, BEN, elsewhere);
        let secret = say(portal, BEN, group(portal, &[CHO]));
        let good = say(portal, CHO, chat);
        let before = traces(portal, chat, bot);
        let ids = [hidden, deleted, tombstone, foreign, secret];
        let numbers = ids.iter().map(|id| json!(id.get()));
        let nonsense = [
            json!(0),
            json!(-1),
            json!(i64::MAX),
            json!(1e30),
            json!("9999999999999999999999"),
            json!("first"),
            json!("1.5"),
            json!(1.5),
            json!(true),
            json!([good.get()]),
            json!({"id": good.get()}),
            json!(" "),
        ];
        for id in numbers.chain(nonsense) {
            let params = json!({"botId": bot.get(), "botToken": TOKEN, "dialogId": format!("chat{chat}"), "messageId": id});
            let answered = portal.call("ada", READ, &params);
            assert_refused(&answered, 400, "MESSAGE_NOT_FOUND");
            assert_eq!(traces(portal, chat, bot), before, "{id}");
        }
        // What was left alone is still there to be viewed.
        assert_eq!(
            read(portal, bot, chat, Some(good)),
            state(chat, good, 0, &[tombstone, good])
        );
    });
}

#[test]
fn no_id_means_the_whole_chat() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let chat = group(portal, &[bot]);
        for id in [json!(null), json!("")] {
            let message = say(portal, BEN, chat);
            let params = json!({"botId": bot.get(), "botToken": TOKEN, "dialogId": format!("chat{chat}"), "messageId": id});
            assert_eq!(
                portal.ok("ada", READ, params),
                state(chat, message, 0, &[message])
            );
        }
    });
}

#[test]
fn an_own_message_and_a_notice_can_be_read_up_to() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let chat = group(portal, &[bot]);
        let message = say(portal, BEN, chat);
        let renamed = notice(portal, BEN, chat);
        let after = say(portal, BEN, chat);
        assert_eq!(
            read(portal, bot, chat, Some(renamed)),
            state(chat, renamed, 1, &[message])
        );
        let own = say(portal, bot, chat);
        assert_eq!(
            read(portal, bot, chat, Some(own)),
            state(chat, own, 0, &[after])
        );
    });
}

#[test]
fn a_dialog_that_the_bot_is_not_in_is_denied() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let closed = group(portal, &[CHO]);
        let open = chat_of(portal, ChatKind::Open, &[CHO]);
        let channel = chat_of(portal, ChatKind::OpenChannel, &[CHO]);
        let message = say(portal, BEN, closed);
        say(portal, BEN, open);
        let dialogs = [
            json!(format!("chat{closed}")),
            json!(format!("chat{open}")),
            json!(format!("chat{channel}")),
            json!("chat999999"),
            json!("sg999999"),
            json!(999_999),
            json!("9223372036854775807"),
            json!("chat"),
            json!("Chat1"),
            json!("chat01"),
            json!("-1"),
            json!(0),
            json!(1.5),
            json!(true),
            json!(""),
            json!("  "),
            json!("harbour"),
            json!("chat1\u{0}"),
            json!([1]),
            json!({"id": 1}),
            json!(null),
        ];
        for dialog in dialogs {
            // Whatever the message: who is not in the chat is not told what is in it.
            for id in [json!(null), json!(message.get()), json!("x")] {
                let params = json!({"botId": bot.get(), "botToken": TOKEN, "dialogId": dialog, "messageId": id});
                assert_refused(&portal.call("ada", READ, &params), 403, "ACCESS_DENIED");
            }
        }
        let params = json!({"botId": bot.get(), "botToken": TOKEN});
        assert_refused(&portal.call("ada", READ, &params), 403, "ACCESS_DENIED");
        assert_eq!(traces(portal, open, bot).member, None);
    });
}

#[test]
fn a_bot_that_was_removed_reads_no_more() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let chat = group(portal, &[bot]);
        say(portal, BEN, chat);
        let left = portal.run(BEN, move |cx| {
            let chat = rows::chat::lock_exclusive(cx.tx, chat)?
                .ok_or(readmark_store::StoreError::Decode("no chat"))?;
            readmark_app::chat::members::remove(cx, &chat, bot)
        });
        assert!(left.unwrap());
        let params = read_params(bot, &format!("chat{chat}"), None);
        assert_refused(&portal.call("ada", READ, &params), 403, "ACCESS_DENIED");
    });
}

#[test]
fn what_is_wrong_first_is_answered_first() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let person = 2;
        let cases: [(Value, u16, &str); 9] = [
            (json!({}), 403, "BOT_TOKEN_NOT_SPECIFIED"),
            (
                json!({"botId": pharos.get(), "dialogId": "chat1"}),
                403,
                "BOT_TOKEN_NOT_SPECIFIED",
            ),
            (
                json!({"botId": pharos.get(), "botToken": "  "}),
                403,
                "BOT_TOKEN_NOT_SPECIFIED",
            ),
            (
                json!({"botId": pharos.get(), "botToken": [TOKEN]}),
                403,
                "BOT_TOKEN_NOT_SPECIFIED",
            ),
            (
                json!({"botToken": "wrong", "dialogId": "chat1"}),
                400,
                "BOT_ID_REQUIRED",
            ),
            (
                json!({"botToken": TOKEN, "botId": "pharos"}),
                400,
                "BOT_ID_REQUIRED",
            ),
            (
                json!({"botToken": TOKEN, "botId": 0}),
                400,
                "BOT_ID_REQUIRED",
            ),
            (
                json!({"botToken": "wrong", "botId": person}),
                400,
                "BOT_NOT_FOUND",
            ),
            (
                json!({"botToken": "wrong", "botId": pharos.get(), "dialogId": "x", "messageId": "x"}),
                403,
                "BOT_OWNERSHIP_ERROR",
            ),
        ];
        for (params, status, code) in cases {
            assert_refused(&portal.call("ada", READ, &params), status, code);
        }
        let late = MessageId(1);
        let params = read_params(pharos, "chat1", Some(late));
        assert_refused(&portal.call("ada", READ, &params), 403, "ACCESS_DENIED");
    });
}
