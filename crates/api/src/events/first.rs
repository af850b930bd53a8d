//! The data of first-generation events (sources: first generation): maps in upper case. `BOT`, and the access of commands, are added when an
//! event is sent.

use readmark_app::events::{Audience, Scene, Spoken, facts};
use readmark_model::{
    ChatKind, MessageId, MessageKind, UserId, UserKind,
    bot::{Bot, StreamEvent},
    command::{CommandCall, CommandContext},
    message::Message,
    text::{self, Mention},
    user::User,
};
use readmark_store::{StoreError, Tx};
use serde_json::{Map, Value, json};

use super::LANGUAGE;
use crate::objects::chat;

/// The text shown for a deleted message.
const DELETED: &str = "This message was deleted.";

/// Options of how a message was sent that exist in the original portal; here they always have these values.
const SENDING: [(&str, &str); 12] = [
    ("PUSH", "Y"),
    ("PUSH_IMPORTANT", "N"),
    ("RECENT_SKIP_AUTHOR", "N"),
    ("CONVERT", "N"),
    ("SKIP_COMMAND", "N"),
    ("SKIP_COUNTER_INCREMENTS", "N"),
    ("SILENT_CONNECTOR", "N"),
    ("SKIP_CONNECTOR", "N"),
    ("IMPORTANT_CONNECTOR", "N"),
    ("NO_SESSION_OL", "N"),
    ("FAKE_RELATION", "0"),
    ("SKIP_URL_INDEX", "N"),
];

/// The data of an event for a bot, as JSON.
pub(super) fn data(
    tx: &mut dyn Tx,
    bot: &Bot,
    scene: &Scene<'_>,
    audience: &Audience,
) -> Result<String, StoreError> {
    let mut params = Params {
        scene,
        bot,
        map: Map::new(),
    };
    let mut data = Map::new();
    match (scene.kind, &scene.message) {
        (StreamEvent::MessageAdd, Some(spoken)) => {
            params.message(tx, spoken)?;
            params.heard(spoken);
        }
        (StreamEvent::CommandAdd, Some(spoken)) => {
            params.message(tx, spoken)?;
            params.command(audience);
        }
        (StreamEvent::MessageUpdate, Some(spoken)) => params.changed(spoken),
        (StreamEvent::MessageDelete, Some(spoken)) => params.deleted(spoken),
        (StreamEvent::JoinChat, _) => params.joined(tx)?,
        _ => {}
    }
    if let Some(call) = scene.command() {
        data.insert("COMMAND".to_owned(), command(call));
    }
    params.put("LANGUAGE", LANGUAGE);
    data.insert("PARAMS".to_owned(), Value::Object(params.map));
    data.insert("USER".to_owned(), person(scene));
    Ok(Value::Object(data).to_string())
}

/// The data of the deletion of a bot, as JSON.
pub(super) fn deletion(bot: &Bot) -> String {
    json!({ "BOT_ID": bot.user.get(), "BOT_CODE": bot.code }).to_string()
}

fn command(call: &CommandCall) -> Value {
    let entry = json!({
        "COMMAND": call.name,
        "COMMAND_ID": call.command,
        "COMMAND_PARAMS": call.params,
        "COMMAND_CONTEXT": match call.context {
            CommandContext::TextArea => "TEXTAREA",
            CommandContext::Keyboard => "KEYBOARD",
            CommandContext::Menu => "MENU",
        },
        "MESSAGE_ID": call.message.get(),
    });
    let mut commands = Map::new();
    commands.insert(call.command.to_string(), entry);
    Value::Object(commands)
}

/// `USER`; empty if the event names nobody.
fn person(scene: &Scene<'_>) -> Value {
    let Some(user) = &scene.person else {
        return json!({});
    };
    let mut map = Map::new();
    let mut put = |name: &str, value: Value| map.insert(name.to_owned(), value);
    put("ID", json!(user.id.get()));
    put("NAME", json!(user.full_name()));
    put("FIRST_NAME", json!(user.name));
    put("LAST_NAME", json!(user.last_name));
    put("WORK_POSITION", json!(user.work_position));
    put("GENDER", json!(user.gender));
    if scene.kind != StreamEvent::JoinChat {
        put("IS_BOT", yes_no(user.kind == UserKind::Bot));
        put("IS_CONNECTOR", yes_no(false));
        put("IS_NETWORK", yes_no(false));
        put("IS_EXTRANET", yes_no(user.extranet));
    }
    Value::Object(map)
}

fn yes_no(yes: bool) -> Value {
    json!(if yes { "Y" } else { "N" })
}

/// `PARAMS` under construction.
struct Params<'a> {
    scene: &'a Scene<'a>,
    bot: &'a Bot,
    map: Map<String, Value>,
}

impl Params<'_> {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.map.insert(name.to_owned(), value.into());
    }

    fn is_private(&self) -> bool {
        self.scene.chat.kind == ChatKind::Private
    }

    /// What messages and command calls have in common.
    fn message(&mut self, tx: &mut dyn Tx, spoken: &Spoken) -> Result<(), StoreError> {
        let message = &spoken.message;
        let author = message.shown_author().get();
        let kind = self.scene.chat.kind.message_type();
        self.put("MESSAGE", message.text.as_str());
        self.put("TEMPLATE_ID", message.uuid.as_deref().unwrap_or_default());
        self.put("MESSAGE_TYPE", kind);
        self.put("FROM_USER_ID", author);
        self.put("DIALOG_ID", self.dialog());
        self.put("TO_CHAT_ID", message.chat.get());
        self.put("AUTHOR_ID", author);
        self.put("SYSTEM", yes_no(message.kind != MessageKind::Post));
        if !self.is_private() {
            self.chat(tx, message)?;
        }
        for (name, value) in SENDING {
            self.put(name, value);
        }
        self.put("MESSAGE_ID", message.id.get());
        self.put("CHAT_TYPE", kind);
        Ok(())
    }

    fn dialog(&self) -> String {
        chat::dialog_id(&self.scene.chat, self.bot.user)
    }

    /// A chat other than a private one.
    fn chat(&mut self, tx: &mut dyn Tx, message: &Message) -> Result<(), StoreError> {
        let chat = &self.scene.chat;
        let before = facts::previous_message(tx, message)?.unwrap_or(MessageId(0));
        let is_manager = facts::is_manager(tx, chat.id, message.author)?;
        let permission = chat.permissions.can_post.as_str().to_uppercase();
        self.put("CHAT_ID", chat.id.get());
        self.put("CHAT_TITLE", chat.title.as_str());
        self.owner_and_entity();
        self.put("CHAT_AVATAR", "0");
        self.put("CHAT_COLOR", chat.color.as_str());
        self.put("CHAT_EXTRANET", yes_no(chat.extranet_count > 0));
        self.put("CHAT_PREV_MESSAGE_ID", before.get());
        self.put("CHAT_CAN_POST", permission);
        self.put("RID", 0);
        self.put("IS_MANAGER", yes_no(is_manager));
        Ok(())
    }

    fn owner_and_entity(&mut self) {
        let chat = &self.scene.chat;
        self.put("CHAT_AUTHOR_ID", chat.owner.get());
        self.put("CHAT_ENTITY_TYPE", chat.entity.kind.as_str());
        self.put("CHAT_ENTITY_ID", chat.entity.id.as_str());
        for (number, data) in chat.entity.data.iter().enumerate() {
            let name = format!("CHAT_ENTITY_DATA_{}", number + 1);
            self.put(&name, data.as_str());
        }
    }

    /// A message to the bot, or one that it overhears. Mentions of the bot are cut out.
    fn heard(&mut self, spoken: &Spoken) {
        self.put("TO_USER_ID", self.bot.user.get());
        self.put("COMMAND_CONTEXT", "TEXTAREA");
        self.addressed(&spoken.message.text);
    }

    fn addressed(&mut self, text: &str) {
        self.put("CHAT_USER_COUNT", self.scene.chat.member_count);
        self.put("PLATFORM_CONTEXT", "web");
        if self.is_private() {
            return;
        }
        let mut mentioned = Map::new();
        for mention in text::mentions(text) {
            if let Mention::User(user) = mention {
                mentioned.insert(user.to_string(), json!(user.get()));
            }
        }
        self.put("MENTIONED_LIST", Value::Object(mentioned));
        self.put("MESSAGE", text::without_mentions_of(text, self.bot.user));
        self.put("MESSAGE_ORIGINAL", text);
    }

    fn command(&mut self, audience: &Audience) {
        self.put("SKIP_USER_CHECK", "Y");
        self.put("RECENT_ADD", "Y");
        let chat = &self.scene.chat;
        if self.is_private() {
            self.put("TO_USER_ID", self.bot.user.get());
            return;
        }
        self.put("CHAT_PARENT_ID", chat.parent_chat);
        self.put("CHAT_PARENT_MID", chat.parent_message);
        let bots = audience
            .of(chat.id)
            .iter()
            .filter_map(|found| found.bot.as_ref());
        let bots: Map<String, Value> = bots
            .map(|bot| (bot.user.to_string(), json!(bot.user.get())))
            .collect();
        self.put("BOT_IN_CHAT", Value::Object(bots));
    }

    /// The members for a changed or deleted message.
    fn touched(&mut self, spoken: &Spoken, text: &str) {
        let message = &spoken.message;
        let author = message.shown_author().get();
        let kind = self.scene.chat.kind.message_type();
        self.put("ID", message.id.get());
        self.put("CHAT_ID", message.chat.get());
        self.put("AUTHOR_ID", author);
        self.put("MESSAGE", text);
        self.put("MESSAGE_TYPE", kind);
        self.owner_and_entity();
        self.put("FROM_USER_ID", author);
        self.put("TO_USER_ID", self.bot.user.get());
        self.put("DIALOG_ID", self.dialog());
        self.put("MESSAGE_ID", message.id.get());
        self.put("CHAT_TYPE", kind);
    }

    fn changed(&mut self, spoken: &Spoken) {
        self.touched(spoken, &spoken.message.text);
        self.addressed(&spoken.message.text);
    }

    fn deleted(&mut self, spoken: &Spoken) {
        self.touched(spoken, DELETED);
    }

    fn joined(&mut self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        let (chat, bot) = (&self.scene.chat, self.bot.user);
        let by = self
            .scene
            .person
            .as_ref()
            .map_or(UserId(0), |user: &User| user.id);
        let kind = chat.kind.message_type();
        self.put("CHAT_TYPE", kind);
        self.put("MESSAGE_TYPE", kind);
        self.put("BOT_ID", bot.get());
        self.put("USER_ID", by.get());
        if let Some(peer) = chat.peer_of(bot) {
            self.put("TO_USER_ID", peer.get());
            self.put("FROM_USER_ID", bot.get());
        } else {
            let sees_all = facts::sees_all_history(tx, chat.id, bot)?;
            self.put("CHAT_ID", chat.id.get());
            self.put("CHAT_AUTHOR_ID", chat.owner.get());
            self.put("CHAT_ENTITY_TYPE", chat.entity.kind.as_str());
            self.put("CHAT_ENTITY_ID", chat.entity.id.as_str());
            self.put("ACCESS_HISTORY", i64::from(sees_all));
        }
        self.put("DIALOG_ID", self.dialog());
        Ok(())
    }
}
