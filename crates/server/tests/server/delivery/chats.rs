//! From what people do in chats to what handlers are told.

use super::*;

/// The events of a bot's life, in order: nothing but the news of each change wakes the server.
#[test]
fn a_bot_is_told_what_people_do_at_once_and_answers() {
    let server = start_with(|config| {
        quick(config);
        config.delivery_poll = Span::seconds(3600);
    });
    let handler = Handler::start();
    let scopes = Scopes::parse("imbot,im").unwrap();
    server.token("granted", 1, scopes, NEVER);
    let params = json!({ "fields": fields("talks", &handler.url()), "auth": "granted" });
    let registered = server.post("/rest/imbot.v2.Bot.register", &params).result();
    let bot = registered["bot"]["id"].as_i64().unwrap();

    let send = |dialog: &str, text: &str| {
        let params = json!({ "DIALOG_ID": dialog, "MESSAGE": text });
        server.call(2, "im.message.add", &params).result()
    };
    let message = send(&bot.to_string(), "which berth?");
    let received = handler.wait_until(|received| {
        received
            .last()
            .is_some_and(|last| last.form["event"] == EVENT)
    });
    assert_eq!(received[0].form["event"], "ONIMBOTV2JOINCHAT");
    let told = &received.last().unwrap().form;
    let data = &told["data"];
    assert_eq!(data["message"]["text"], "which berth?");
    assert_eq!(data["message"]["id"], message.to_string());
    assert_eq!(data["user"]["id"], "2");
    assert_eq!(data["chat"]["dialogId"], "2");
    assert_eq!(data["bot"]["code"], "talks");
    let answer = json!({
        "auth": data["bot"]["auth"]["access_token"],
        "botId": data["bot"]["id"],
        "dialogId": data["chat"]["dialogId"],
        "fields": { "message": "the fourth" },
    });
    let answered = server
        .post("/rest/imbot.v2.Chat.Message.send", &answer)
        .result();
    assert!(answered["id"].as_i64().is_some(), "{answered}");

    // What is sent while the handler is down arrives in order when it is back.
    handler.reacts(Reaction::Status(502));
    send(&bot.to_string(), "and tomorrow?");
    send(&bot.to_string(), "hello?");
    let before = handler.received().len();
    handler.wait_for(before + 1);
    assert_eq!(waiting(&server.running, false).len(), 2);
    handler.reacts(Reaction::Status(200));
    let received =
        handler.wait_until(|received| received.last().is_some_and(|last| last.text() == "hello?"));
    let mut order = texts(&received);
    order.retain(|text| !text.is_empty());
    order.dedup();
    assert_eq!(order, ["which berth?", "and tomorrow?", "hello?"]);

    let gone = json!({ "botId": bot, "auth": "granted" });
    server.post("/rest/imbot.v2.Bot.unregister", &gone).result();
    let received = handler.wait_until(|received| {
        received
            .last()
            .is_some_and(|last| last.form["event"] == "ONIMBOTV2DELETE")
    });
    let last = &received.last().unwrap().form;
    assert_eq!(last["auth"]["user_id"], "1");
    assert!(last["auth"]["access_token"].is_string(), "{last}");
    // The bot is gone, and nobody may act for it.
    assert!(
        last["data"]["bot"]["auth"].get("access_token").is_none(),
        "{last}"
    );
    until(|| waiting(&server.running, false).is_empty().then_some(()));
}
