//! Bots that ask for their events.

use readmark_app::verify;
use readmark_store::{StoreError, TxExt, params};
use readmark_testkit::TestPortal;
use serde_json::{Value, json};

/// A bot with a token of its own, which is an application of its own.
pub(crate) struct Bot {
    pub(crate) id: i64,
    pub(crate) token: String,
}

/// Registers a bot; `more` are further fields.
pub(crate) fn register(portal: &TestPortal, code: &str, token: &str, more: &Value) -> Bot {
    let mut fields = json!({"code": code, "botToken": token, "properties": {"name": code}});
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    let result = portal.ok("ada", "imbot.v2.Bot.register", json!({"fields": fields}));
    Bot {
        id: result["bot"]["id"].as_i64().unwrap(),
        token: token.to_owned(),
    }
}

/// A bot of a type.
pub(crate) fn bot_of(portal: &TestPortal, kind: &str) -> Bot {
    register(
        portal,
        kind,
        &format!("token of {kind}"),
        &json!({"type": kind}),
    )
}

/// One call for a bot.
pub(crate) fn call(portal: &TestPortal, bot: &Bot, method: &str, mut params: Value) -> Value {
    params["botId"] = json!(bot.id);
    params["botToken"] = json!(bot.token);
    portal.ok("ada", method, params)
}

/// Everything that waits for a bot, which is acknowledged: name and data of each event.
pub(crate) fn drain(portal: &TestPortal, bot: &Bot) -> Vec<(String, Value)> {
    let page = call(portal, bot, "imbot.v2.Event.get", json!({"limit": 1000}));
    assert_eq!(page["hasMore"], json!(false));
    let offset = page["nextOffset"].clone();
    let rest = call(portal, bot, "imbot.v2.Event.get", json!({"offset": offset}));
    assert_eq!(rest["events"], json!([]));
    let events = page["events"].as_array().unwrap();
    events
        .iter()
        .map(|event| {
            let name = event["type"].as_str().unwrap().to_owned();
            (name, event["data"].clone())
        })
        .collect()
}

/// The names of [`drain`], without what all have in common.
pub(crate) fn names(portal: &TestPortal, bot: &Bot) -> Vec<String> {
    let events = drain(portal, bot);
    events
        .into_iter()
        .map(|(name, _)| name.replace("ONIMBOTV2", ""))
        .collect()
}

/// A group of ada and these.
pub(crate) fn group(portal: &TestPortal, members: &[i64]) -> i64 {
    let made = portal.ok(
        "ada",
        "im.chat.add",
        json!({"TITLE": "Quay", "USERS": members}),
    );
    made.as_i64().unwrap()
}

/// Somebody writes to a dialog; answers the message's id.
pub(crate) fn say(portal: &TestPortal, who: &str, dialog: &str, text: &str) -> i64 {
    let params = json!({"DIALOG_ID": dialog, "MESSAGE": text});
    portal.ok(who, "im.message.add", params).as_i64().unwrap()
}

/// What waits to be sent: event, address, data and bot, in order.
pub(crate) fn deliveries(portal: &TestPortal) -> Vec<(String, String, Value, Value)> {
    let rows: Result<Vec<(String, String, String, String)>, StoreError> =
        portal.portal.store.read(|tx| {
            tx.list(
                "SELECT event, url, data, bot FROM deliveries ORDER BY id",
                params![],
                |row| {
                    Ok((
                        row.string(0)?,
                        row.string(1)?,
                        row.string(2)?,
                        row.string(3)?,
                    ))
                },
            )
        });
    rows.unwrap()
        .into_iter()
        .map(|(event, url, data, bot)| {
            let read = |text: String| serde_json::from_str(&text).unwrap();
            (event, url, read(data), read(bot))
        })
        .collect()
}

/// Recounts everything (rule R17).
pub(crate) fn assert_no_drift(portal: &TestPortal) {
    let report: Result<_, StoreError> =
        (portal.portal.store).read(|tx| verify::verify(tx, &mut |_, _| {}));
    assert_eq!(report.unwrap().drift, []);
}
