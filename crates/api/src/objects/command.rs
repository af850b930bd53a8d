//! The command object: brief, and as in lists.

use readmark_app::command::find::Listed;
use readmark_model::command::Command;
use schemars::JsonSchema;
use serde::Serialize;

/// A slash command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommandObject {
    /// Its id.
    pub id: i64,
    /// The bot that it calls.
    pub bot_id: i64,
    /// Its name, with the slash.
    pub command: String,
    /// Whether it can be called where the bot is not.
    pub common: bool,
    /// Whether lists of commands leave it out.
    pub hidden: bool,
    /// Whether extranet users can call it.
    pub extranet_support: bool,
}

impl From<&Command> for CommandObject {
    fn from(command: &Command) -> Self {
        Self {
            id: command.id,
            bot_id: command.bot.get(),
            command: format!("/{}", command.name),
            common: command.common,
            hidden: command.hidden,
            extranet_support: command.extranet_support,
        }
    }
}

/// `result` of the methods about one command.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneCommand {
    /// The command.
    pub command: CommandObject,
}

impl From<&Command> for OneCommand {
    fn from(command: &Command) -> Self {
        Self {
            command: command.into(),
        }
    }
}

/// A slash command as lists have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedCommand {
    /// Its id.
    pub id: i64,
    /// The bot that it calls.
    pub bot_id: i64,
    /// Its name, with the slash.
    pub command: String,
    /// Its title.
    pub title: String,
    /// What its parameters are.
    pub params: String,
    /// Whether it can be called where the bot is not.
    pub common: bool,
    /// Whether lists of commands leave it out.
    pub hidden: bool,
    /// Whether extranet users can call it.
    pub extranet_support: bool,
    /// The name of the bot.
    pub category: String,
    /// Always empty: a command can be called in every context.
    pub context: &'static str,
}

impl ListedCommand {
    /// The object of a command of the bot of this name.
    #[must_use]
    pub fn new(listed: Listed, category: &str) -> Self {
        let brief = CommandObject::from(&listed.command);
        Self {
            id: brief.id,
            bot_id: brief.bot_id,
            command: brief.command,
            title: listed.title,
            params: listed.params,
            common: brief.common,
            hidden: brief.hidden,
            extranet_support: brief.extranet_support,
            category: category.to_owned(),
            context: "",
        }
    }
}
