//! Who may act for a bot.

use readmark_model::{MessageId, User};
use readmark_store::StoreError;
use readmark_testkit::{TestPortal, for_each_store, rows::user};
use serde_json::{Value, json};

use crate::support::{
    ADA, BEN, TOKEN, assert_refused, bot, by_application, group, read_params, register, say, state,
    traces,
};

const READ: &str = "imbot.v2.Chat.Message.read";

/// Every method that acts for one bot.
const OF_ONE_BOT: [&str; 4] = [
    READ,
    "imbot.v2.Chat.Message.send",
    "imbot.v2.Bot.update",
    "imbot.v2.Bot.unregister",
];

fn registered_by(portal: &TestPortal, client: &'static str, code: &str) -> i64 {
    let params = json!({"fields": {"code": code, "properties": {"name": "Beacon"}}});
    let answered = by_application(portal, client, ADA, "imbot.v2.Bot.register", &params);
    assert_eq!(answered.error, None);
    answered.result["bot"]["id"].as_i64().unwrap()
}

#[test]
fn whoever_knows_the_token_owns_the_bot_whichever_webhook_it_is() {
    for_each_store(|portal| {
        let bot = bot(portal);
        let chat = group(portal, &[bot]);
        let message = say(portal, BEN, chat);
        let done = portal.ok("cho", READ, read_params(bot, &format!("chat{chat}"), None));
        assert_eq!(done, state(chat, message, 0, &[message]));
    });
}

#[test]
fn a_wrong_token_acts_for_no_bot_and_changes_nothing() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let other = register(portal, "beacon", "another-token");
        let chat = group(portal, &[pharos, other]);
        say(portal, BEN, chat);
        let before = traces(portal, chat, pharos);
        for token in ["another-token", "Lighthouse-17", "lighthouse-17 ", "1"] {
            for method in OF_ONE_BOT {
                let params = json!({
                    "botId": pharos.get(), "botToken": token, "dialogId": format!("chat{chat}"),
                    "fields": {"message": "hello", "properties": {"name": "Stolen"}},
                });
                let answered = portal.call("ada", method, &params);
                assert_refused(&answered, 403, "BOT_OWNERSHIP_ERROR");
            }
        }
        assert_eq!(traces(portal, chat, pharos), before);
    });
}

#[test]
fn an_application_reads_with_its_own_bots_and_needs_no_token() {
    for_each_store(|portal| {
        let id = registered_by(portal, "local.harbour", "beacon");
        let bot = readmark_model::UserId(id);
        let chat = group(portal, &[bot]);
        let first = say(portal, BEN, chat);
        let params = json!({"botId": id, "dialogId": format!("chat{chat}")});
        let answered = by_application(portal, "local.harbour", ADA, READ, &params);
        assert_eq!(answered.result, state(chat, first, 0, &[first]));
        // Through another user of the same application, and with a token that means nothing here.
        let second = say(portal, BEN, chat);
        let params =
            json!({"botId": id, "botToken": "anything", "dialogId": format!("chat{chat}")});
        let answered = by_application(portal, "local.harbour", BEN, READ, &params);
        assert_eq!(answered.result, state(chat, second, 0, &[second]));
    });
}

#[test]
fn another_application_and_every_webhook_are_refused() {
    for_each_store(|portal| {
        let id = registered_by(portal, "local.harbour", "beacon");
        let webhooks_bot = bot(portal);
        let params = |id: i64, token: Option<&str>| -> Value {
            json!({"botId": id, "botToken": token, "dialogId": "2", "fields": {"message": "hello"}})
        };
        for method in OF_ONE_BOT {
            let foreign = by_application(portal, "local.other", ADA, method, &params(id, None));
            assert_refused(&foreign, 403, "BOT_OWNERSHIP_ERROR");
            let webhook = portal.call("ada", method, &params(id, Some(TOKEN)));
            assert_refused(&webhook, 403, "BOT_OWNERSHIP_ERROR");
            // The right token of a webhook's bot is of no use to an application.
            let params = params(webhooks_bot.get(), Some(TOKEN));
            let application = by_application(portal, "local.harbour", ADA, method, &params);
            assert_refused(&application, 403, "BOT_OWNERSHIP_ERROR");
        }
        // The client id in the place of a token does not open what belongs to an application.
        for token in ["local.harbour", "app:local.harbour"] {
            let answered = portal.call("ada", READ, &params(id, Some(token)));
            assert_refused(&answered, 403, "BOT_OWNERSHIP_ERROR");
        }
    });
}

#[test]
fn a_bot_that_was_unregistered_or_dismissed_is_found_no_more() {
    for_each_store(|portal| {
        let gone = bot(portal);
        let chat = group(portal, &[gone]);
        portal.ok(
            "ada",
            "imbot.v2.Bot.unregister",
            json!({"botId": gone.get(), "botToken": TOKEN}),
        );
        let dismissed = register(portal, "beacon", TOKEN);
        let done: Result<(), StoreError> = portal.portal.store.write(move |tx| {
            let user = user::find(tx, dismissed)?.ok_or(StoreError::Decode("no user"))?;
            user::update(
                tx,
                &User {
                    active: false,
                    ..user
                },
            )
        });
        done.unwrap();
        for bot in [gone, dismissed] {
            for method in OF_ONE_BOT {
                let params = read_params(bot, &format!("chat{chat}"), Some(MessageId(1)));
                assert_refused(&portal.call("ada", method, &params), 400, "BOT_NOT_FOUND");
            }
            let params = json!({"botId": bot.get(), "botToken": TOKEN});
            assert_refused(
                &portal.call("ada", "imbot.v2.Bot.get", &params),
                400,
                "BOT_NOT_FOUND",
            );
        }
    });
}

#[test]
fn others_see_a_bot_in_brief_and_outsiders_only_in_shared_chats() {
    for_each_store(|portal| {
        let pharos = bot(portal);
        let params = json!({"code": "pharos", "botToken": "wrong"});
        let brief = portal.ok("ben", "imbot.v2.Bot.get", params.clone());
        assert_eq!(brief["bot"]["id"], json!(pharos.get()));
        assert_eq!(
            (
                brief["bot"].get("moduleId"),
                brief["bot"].get("countMessage")
            ),
            (None, None)
        );
        let params_by_owner = json!({"code": "pharos", "botToken": TOKEN});
        let full = portal.ok("ben", "imbot.v2.Bot.get", params_by_owner.clone());
        assert_eq!(full["bot"]["moduleId"], json!("rest"));
        let eva = portal.call("eva", "imbot.v2.Bot.get", &params);
        assert_refused(&eva, 400, "BOT_NOT_FOUND");
        portal.ok("eva", "imbot.v2.Bot.get", params_by_owner);
        group(portal, &[pharos, readmark_model::UserId(5)]);
        portal.ok("eva", "imbot.v2.Bot.get", params);
    });
}
