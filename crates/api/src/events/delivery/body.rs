//! The whole body of a request to a handler.

use readmark_model::{Scopes, Timestamp};
use serde_json::{Map, Value, json};

use super::{
    BotSnapshot, auth,
    auth::{Access, PortalFacts},
    form,
};

/// One request to a handler.
#[derive(Clone, Copy, Debug)]
pub struct HandlerRequest<'a> {
    /// The number that tells the event from its repetitions.
    pub event_id: i64,
    /// Name of the event, in upper case.
    pub event: &'a str,
    /// The handler's own number.
    pub handler_id: i64,
    /// The data of the event, as stored: a JSON object without tokens.
    pub data: &'a str,
    /// The bot, as stored.
    pub bot: &'a str,
    /// The portal.
    pub portal: &'a PortalFacts,
    /// Scopes of the tokens.
    pub scopes: Scopes,
    /// The user who caused the event.
    pub acting: Option<Access<'a>>,
    /// The bot's own access.
    pub own: Access<'a>,
    /// The time of sending.
    pub now: Timestamp,
}

/// The stored event cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("what is stored of the event cannot be read: {0}")]
pub struct Unsendable(#[from] serde_json::Error);

impl HandlerRequest<'_> {
    /// The body, `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// If the stored event cannot be read.
    pub fn body(&self) -> Result<String, Unsendable> {
        let bot = BotSnapshot::from_json(self.bot)?;
        let data: Map<String, Value> = serde_json::from_str(self.data)?;
        let own = auth::block(self.portal, &bot, self.scopes, Some(&self.own), self.now);
        let data = match bot.generation {
            1 => first_generation(data, &bot, own),
            _ => second_generation(data, &bot, own),
        };
        let acting = self.acting.as_ref();
        let auth = auth::block(self.portal, &bot, self.scopes, acting, self.now);
        let mut body = String::new();
        for (name, value) in [
            ("event", json!(self.event)),
            ("event_handler_id", json!(self.handler_id)),
            ("data", Value::Object(data)),
            ("ts", json!(auth::seconds(self.now))),
            ("auth", Value::Object(auth)),
            ("event_id", json!(self.event_id)),
        ] {
            form::write(&mut body, name, &value);
        }
        Ok(body)
    }
}

/// `data.bot` is the brief bot with its access, in the first place (§6.4).
fn second_generation(
    data: Map<String, Value>,
    bot: &BotSnapshot,
    auth: Map<String, Value>,
) -> Map<String, Value> {
    let short = json!({ "id": bot.bot_id, "code": bot.code, "auth": auth });
    first("bot", short, data)
}

/// `data.BOT`, or each command in `data.COMMAND`, carries the access twice: flat, and as `AUTH` (§10.2). The event of a deleted bot
/// has neither (§10.3).
fn first_generation(
    mut data: Map<String, Value>,
    bot: &BotSnapshot,
    mut auth: Map<String, Value>,
) -> Map<String, Value> {
    if let Some(client) = &bot.client_id {
        let token = auth.shift_remove("application_token");
        auth.insert("client_id".to_owned(), json!(client));
        auth.extend(token.map(|token| ("application_token".to_owned(), token)));
    }
    let mut entry = auth.clone();
    entry.insert("AUTH".to_owned(), Value::Object(auth));
    entry.insert("BOT_ID".to_owned(), json!(bot.bot_id));
    entry.insert("BOT_CODE".to_owned(), json!(bot.code));
    if let Some(Value::Object(commands)) = data.get_mut("COMMAND") {
        for command in commands.values_mut() {
            if let Value::Object(own) = command {
                let mut whole = entry.clone();
                whole.extend(std::mem::take(own));
                *own = whole;
            }
        }
        return data;
    }
    if data.contains_key("BOT_ID") {
        return data;
    }
    let mut bots = Map::new();
    bots.insert(bot.bot_id.to_string(), Value::Object(entry));
    first("BOT", Value::Object(bots), data)
}

/// The members with this one put first, replacing any of the same name.
fn first(name: &str, value: Value, mut members: Map<String, Value>) -> Map<String, Value> {
    members.shift_remove(name);
    let mut all = Map::new();
    all.insert(name.to_owned(), value);
    all.extend(members);
    all
}
