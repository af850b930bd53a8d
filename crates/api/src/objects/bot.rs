//! The bot object: brief for everybody, extended for the bot's owner.

use readmark_app::bot::details::Details;
use schemars::JsonSchema;
use serde::Serialize;

use super::user::V2User;
use crate::portal::context::PortalContext;

/// The module of every bot of this API.
const MODULE: &str = "rest";

/// A bot.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BotObject {
    /// The id of its user.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// Its type: `bot`, `supervisor`…
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Whether the contact list leaves it out.
    pub is_hidden: bool,
    /// Whether it serves open channels.
    pub is_support_openline: bool,
    /// Whether its messages take reactions.
    pub is_reactions_enabled: bool,
    /// The background of its chats, or null for the user's own.
    pub background_id: Option<String>,
    /// Its default language.
    pub language: String,
    /// What only its owner is told.
    #[serde(flatten)]
    pub owned: Option<OwnedBot>,
}

/// What only a bot's owner is told about it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnedBot {
    /// `rest`.
    pub module_id: &'static str,
    /// `fetch` or `webhook`.
    pub event_mode: &'static str,
    /// Messages that it sent.
    pub count_message: i64,
    /// Its commands.
    pub count_command: i64,
    /// Chats that it is in.
    pub count_chat: i64,
    /// People who share a chat with it.
    pub count_user: i64,
}

impl BotObject {
    /// The object: extended if the numbers are known.
    #[must_use]
    pub fn new(details: &Details) -> Self {
        let bot = &details.bot;
        Self {
            id: bot.user.get(),
            code: bot.code.clone(),
            kind: bot.kind.as_str(),
            is_hidden: bot.hidden,
            is_support_openline: bot.openline,
            is_reactions_enabled: bot.reactions_enabled,
            background_id: bot.background.clone(),
            language: bot.language.clone(),
            owned: details.numbers.map(|numbers| OwnedBot {
                module_id: MODULE,
                event_mode: bot.event_mode.as_str(),
                count_message: bot.count_message,
                count_command: numbers.commands,
                count_chat: numbers.chats,
                count_user: numbers.people,
            }),
        }
    }
}

/// `result` of the methods about one bot.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneBot {
    /// The bot.
    pub bot: BotObject,
    /// Its user.
    pub users: Vec<V2User>,
}

impl OneBot {
    /// The result for a bot.
    #[must_use]
    pub fn new(details: &Details, portal: &PortalContext) -> Self {
        Self {
            bot: BotObject::new(details),
            users: vec![V2User::new(&details.user, portal)],
        }
    }
}
