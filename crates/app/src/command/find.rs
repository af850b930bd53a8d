//! Finding commands, and checking their owner.

use readmark_model::{
    MessageId, SecretHash, UserId,
    bot::Bot,
    command as rules,
    command::{Command, CommandText},
};
use readmark_store::{
    StoreError,
    repo::{bot, command, user},
};

use super::LANGUAGE;
use crate::{
    Cx, Refused,
    bot::access::{self, Denied},
};

/// A bot's command with its texts in the portal's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The command.
    pub command: Command,
    /// Its title, or an empty text.
    pub title: String,
    /// The description of its parameters, or an empty text.
    pub params: String,
}

/// The commands of a bot in id order, and the bot's name. Texts are in the portal's language, else in the alphabetically first one.
pub fn list(cx: &mut Cx<'_>, bot: UserId) -> Result<(Vec<Listed>, String), StoreError> {
    let name = user::find(cx.tx, bot)?.map_or_else(String::new, |user| user.full_name());
    let commands = command::list(cx.tx, bot)?.into_iter();
    let listed = commands.map(|(command, texts)| {
        let CommandText { title, params, .. } = in_language(texts);
        Listed {
            command,
            title,
            params,
        }
    });
    Ok((listed.collect(), name))
}

fn in_language(mut texts: Vec<CommandText>) -> CommandText {
    let own = texts.iter().position(|text| text.language == LANGUAGE);
    if texts.is_empty() {
        CommandText {
            language: LANGUAGE.to_owned(),
            title: String::new(),
            params: String::new(),
        }
    } else {
        texts.swap_remove(own.unwrap_or(0))
    }
}

/// Finds a command by id; it must belong to a bot of the caller.
///
/// # Errors
/// [`Denied`]: [`Denied::NotFound`] when there is no such command, [`Denied::NotOwner`] when it belongs to another owner.
pub fn by_id(
    cx: &mut Cx<'_>,
    token: Option<SecretHash>,
    id: Option<i64>,
) -> Result<(Command, Bot), Refused<Denied>> {
    let owner = access::owner(cx, token).map_err(Refused::Because)?;
    let id = id.ok_or(Refused::Because(Denied::IdRequired))?;
    let command = command::find(cx.tx, id)?.ok_or(Refused::Because(Denied::NotFound))?;
    let bot = bot_of(cx, &command)?.ok_or(Refused::Because(Denied::NotFound))?;
    if bot.owner == owner {
        Ok((command, bot))
    } else {
        Err(Refused::Because(Denied::NotOwner))
    }
}

/// Finds a command by name; it must belong to a bot of the caller. Of several, the one that the message called.
///
/// # Errors
/// As [`by_id`].
pub fn by_name(
    cx: &mut Cx<'_>,
    token: Option<SecretHash>,
    name: &str,
    message: MessageId,
) -> Result<(Command, Bot), Refused<Denied>> {
    let owner = access::owner(cx, token).map_err(Refused::Because)?;
    let mut denied = Denied::NotFound;
    let mut own = None;
    for command in command::list_named(cx.tx, &rules::folded(name))? {
        let Some(bot) = bot_of(cx, &command)? else {
            continue;
        };
        if bot.owner != owner {
            denied = Denied::NotOwner;
        } else if command::find_pass(cx.tx, message, command.id, cx.now)?.is_some() {
            return Ok((command, bot));
        } else if own.is_none() {
            own = Some((command, bot));
        }
    }
    own.ok_or(Refused::Because(denied))
}

fn bot_of(cx: &mut Cx<'_>, command: &Command) -> Result<Option<Bot>, StoreError> {
    Ok(bot::find(cx.tx, command.bot)?.filter(|bot| bot.active))
}
