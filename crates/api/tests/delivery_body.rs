//! Requests to handlers, word for word (sources: handlers, first generation).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use readmark_api::{
    events::delivery::{Access, BotSnapshot, Grant, HandlerRequest, PortalFacts},
    wire::{Limits, php},
};
use readmark_model::{Scopes, Timestamp, UserId};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp(1_800_000_000_999);
const END: Timestamp = Timestamp(1_800_003_600_999);

fn bot(generation: i64, client: Option<&str>) -> BotSnapshot {
    BotSnapshot {
        bot_id: 61,
        code: "harbour_pilot".to_owned(),
        client_id: client.map(str::to_owned),
        application_token: "0f".repeat(16),
        generation,
    }
}

fn facts() -> PortalFacts {
    PortalFacts {
        base_url: "https://chat.harbour.example:8443".to_owned(),
        member_id: "a1".repeat(16),
    }
}

/// The body of an event of user 7, with tokens where the bot has an application.
fn body(event: &str, data: &Value, bot: &BotSnapshot) -> String {
    let grant = |token| {
        let expires_at = END;
        bot.client_id.as_ref().map(|_| Grant { token, expires_at })
    };
    let request = HandlerRequest {
        event_id: 905,
        event,
        handler_id: 33,
        data: &data.to_string(),
        bot: &bot.to_json(),
        portal: &facts(),
        scopes: Scopes::parse("im,imbot").unwrap(),
        acting: Some(Access {
            user: UserId(7),
            grant: grant("human"),
        }),
        own: Access {
            user: UserId(61),
            grant: grant("robot"),
        },
        now: NOW,
    };
    request.body().unwrap()
}

/// The body with its pairs on lines of their own and its brackets readable.
fn lines(body: &str) -> Vec<String> {
    let readable = body.replace("%5B", "[").replace("%5D", "]");
    readable.split('&').map(str::to_owned).collect()
}

fn decoded(body: &str) -> Value {
    Value::Object(php::decode(body.as_bytes(), &Limits::DEFAULT).unwrap())
}

#[test]
fn an_event_of_the_second_generation() {
    let data = json!({
        "message": {
            "id": 412, "chatId": 9, "authorId": 7, "date": "2027-01-15T08:00:00+00:00", "text": "Berth 4 & 5?",
            "isSystem": false, "uuid": "", "forward": null, "params": {}, "viewedByOthers": true,
        },
        "user": { "id": 7, "departments": [1, 3], "phones": false },
        "language": "en",
    });
    let body = body("ONIMBOTV2MESSAGEADD", &data, &bot(2, Some("local.pilot")));
    assert_eq!(
        lines(&body),
        [
            "event=ONIMBOTV2MESSAGEADD",
            "event_handler_id=33",
            "data[bot][id]=61",
            "data[bot][code]=harbour_pilot",
            "data[bot][auth][access_token]=robot",
            "data[bot][auth][expires]=1800003600",
            "data[bot][auth][expires_in]=3600",
            "data[bot][auth][scope]=im%2Cimbot",
            "data[bot][auth][domain]=chat.harbour.example%3A8443",
            "data[bot][auth][server_endpoint]=https%3A%2F%2Fchat.harbour.example%3A8443%2Frest%2F",
            "data[bot][auth][status]=L",
            "data[bot][auth][client_endpoint]=https%3A%2F%2Fchat.harbour.example%3A8443%2Frest%2F",
            "data[bot][auth][member_id]=a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1",
            "data[bot][auth][user_id]=61",
            "data[bot][auth][application_token]=0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f",
            "data[message][id]=412",
            "data[message][chatId]=9",
            "data[message][authorId]=7",
            "data[message][date]=2027-01-15T08%3A00%3A00%2B00%3A00",
            "data[message][text]=Berth+4+%26+5%3F",
            "data[message][isSystem]=0",
            "data[message][uuid]=",
            "data[message][forward]=",
            "data[message][viewedByOthers]=1",
            "data[user][id]=7",
            "data[user][departments][0]=1",
            "data[user][departments][1]=3",
            "data[user][phones]=0",
            "data[language]=en",
            "ts=1800000000",
            "auth[access_token]=human",
            "auth[expires]=1800003600",
            "auth[expires_in]=3600",
            "auth[scope]=im%2Cimbot",
            "auth[domain]=chat.harbour.example%3A8443",
            "auth[server_endpoint]=https%3A%2F%2Fchat.harbour.example%3A8443%2Frest%2F",
            "auth[status]=L",
            "auth[client_endpoint]=https%3A%2F%2Fchat.harbour.example%3A8443%2Frest%2F",
            "auth[member_id]=a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1",
            "auth[user_id]=7",
            "auth[application_token]=0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f",
            "event_id=905",
        ]
    );
}

#[test]
fn a_bot_of_a_webhook_gets_no_tokens() {
    // A bot that is stored with the event is replaced by the short one.
    let data = json!({ "bot": { "id": 61, "type": "bot" } });
    let sent = decoded(&body("ONIMBOTV2DELETE", &data, &bot(2, None)));
    let keys =
        |block: &Value| -> Vec<String> { block.as_object().unwrap().keys().cloned().collect() };
    let expected = [
        "scope",
        "domain",
        "server_endpoint",
        "status",
        "client_endpoint",
        "member_id",
        "user_id",
        "application_token",
    ];
    assert_eq!(keys(&sent["auth"]), expected);
    assert_eq!(keys(&sent["data"]["bot"]["auth"]), expected);
    assert_eq!(sent["data"]["bot"]["auth"]["user_id"], "61");
    assert_eq!(keys(&sent["data"]["bot"]), ["id", "code", "auth"]);
}

#[test]
fn an_event_without_a_user_names_none() {
    let bot = bot(2, Some("local.pilot"));
    let request = HandlerRequest {
        event_id: 1,
        event: "ONIMBOTV2MESSAGEADD",
        handler_id: 1,
        data: "{}",
        bot: &bot.to_json(),
        portal: &facts(),
        scopes: Scopes::parse("imbot").unwrap(),
        acting: None,
        own: Access {
            user: UserId(61),
            grant: None,
        },
        now: NOW,
    };
    let sent = decoded(&request.body().unwrap());
    assert!(sent["auth"].get("user_id").is_none() && sent["auth"].get("access_token").is_none());
    assert_eq!(sent["auth"]["domain"], "chat.harbour.example:8443");
    for (data, bot) in [("[]", request.bot), ("{}", "{}"), ("", request.bot)] {
        assert!(
            HandlerRequest {
                data,
                bot,
                ..request
            }
            .body()
            .is_err(),
            "{data} {bot}"
        );
    }
}

/// The access of a bot as events of the first generation carry it.
const FIRST_GENERATION: [&str; 12] = [
    "access_token",
    "expires",
    "expires_in",
    "scope",
    "domain",
    "server_endpoint",
    "status",
    "client_endpoint",
    "member_id",
    "user_id",
    "client_id",
    "application_token",
];

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn a_message_of_the_first_generation() {
    let data = json!({
        "PARAMS": { "MESSAGE": "which berth?", "TO_USER_ID": 61, "MENTIONED_LIST": { "61": "61" } },
        "USER": { "ID": 7, "NAME": "Ines Moreau" },
    });
    let sent = decoded(&body(
        "ONIMBOTMESSAGEADD",
        &data,
        &bot(1, Some("local.pilot")),
    ));
    assert_eq!(
        keys(&sent),
        [
            "event",
            "event_handler_id",
            "data",
            "ts",
            "auth",
            "event_id"
        ]
    );
    assert_eq!(keys(&sent["data"]), ["BOT", "PARAMS", "USER"]);
    let entry = &sent["data"]["BOT"]["61"];
    let mut expected = FIRST_GENERATION.to_vec();
    expected.extend(["AUTH", "BOT_ID", "BOT_CODE"]);
    assert_eq!(keys(entry), expected);
    assert_eq!(keys(&entry["AUTH"]), FIRST_GENERATION);
    for name in FIRST_GENERATION {
        assert_eq!(entry[name], entry["AUTH"][name], "{name}");
    }
    assert_eq!(entry["access_token"], "robot");
    assert_eq!(entry["client_id"], "local.pilot");
    assert_eq!(
        (&entry["BOT_ID"], &entry["BOT_CODE"]),
        (&json!("61"), &json!("harbour_pilot"))
    );
    assert_eq!(
        sent["data"]["PARAMS"]["MENTIONED_LIST"],
        json!({ "61": "61" })
    );
    assert_eq!(sent["auth"]["access_token"], "human");
    assert!(sent["auth"].get("client_id").is_none());
}

#[test]
fn a_command_of_the_first_generation_carries_the_access_itself() {
    let data = json!({
        "COMMAND": { "15": { "COMMAND": "tide", "COMMAND_ID": 15, "COMMAND_PARAMS": "tomorrow", "MESSAGE_ID": 412 } },
        "PARAMS": { "MESSAGE": "/tide tomorrow" },
    });
    let sent = decoded(&body("ONIMCOMMANDADD", &data, &bot(1, Some("local.pilot"))));
    assert_eq!(keys(&sent["data"]), ["COMMAND", "PARAMS"]);
    let mut expected = FIRST_GENERATION.to_vec();
    expected.extend([
        "AUTH",
        "BOT_ID",
        "BOT_CODE",
        "COMMAND",
        "COMMAND_ID",
        "COMMAND_PARAMS",
        "MESSAGE_ID",
    ]);
    let entry = &sent["data"]["COMMAND"]["15"];
    assert_eq!(keys(entry), expected);
    assert_eq!(
        (&entry["COMMAND"], &entry["user_id"]),
        (&json!("tide"), &json!("61"))
    );
}

#[test]
fn the_last_event_of_the_first_generation_names_the_bot_only() {
    let data = json!({ "BOT_ID": 61, "BOT_CODE": "harbour_pilot" });
    let sent = decoded(&body("ONIMBOTDELETE", &data, &bot(1, None)));
    assert_eq!(
        sent["data"],
        json!({ "BOT_ID": "61", "BOT_CODE": "harbour_pilot" })
    );
    assert_eq!(sent["auth"]["application_token"], "0f".repeat(16));
}

#[test]
fn a_bot_is_stored_and_read_back() {
    let bot = bot(2, Some("local.pilot"));
    assert_eq!(BotSnapshot::from_json(&bot.to_json()).unwrap(), bot);
    assert_eq!(
        BotSnapshot::client_of(&bot.to_json()).as_deref(),
        Some("local.pilot")
    );
    assert_eq!(BotSnapshot::client_of("{}"), None);
}
