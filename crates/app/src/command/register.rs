//! `imbot.v2.Command.register` and `imbot.command.register`.

use readmark_model::{
    Event,
    bot::{Bot, Generation, StreamEvent},
    command::{self as rules, Command, CommandText, MAX_COMMANDS},
};
use readmark_store::{
    StoreError,
    repo::{bot, command, event_handler},
};

use crate::{Cx, Refused};

/// A command to register.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// Its name, without the slash.
    pub name: &'a str,
    /// Its texts.
    pub texts: &'a [CommandText],
    /// Whether it can be called in chats without the bot.
    pub common: bool,
    /// Whether lists of commands leave it out.
    pub hidden: bool,
    /// Whether extranet users can call it.
    pub extranet_support: bool,
    /// Where calls are sent for a first-generation bot; by default where its messages are sent.
    pub handler: Option<&'a str>,
}

/// Why a command is not registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterRefusal {
    /// The caller is an extranet user; commands, like bots, are managed by the portal's own users.
    Outsider,
    /// [`MAX_COMMANDS`].
    LimitExceeded,
    /// The bot was unregistered concurrently.
    BotGone,
}

/// Registers a command. Registering an existing one returns it unchanged, except that a given handler replaces the earlier one.
///
/// # Errors
/// [`RegisterRefusal`]; then nothing changes.
pub fn register(
    cx: &mut Cx<'_>,
    bot: &Bot,
    plan: &Plan<'_>,
) -> Result<Command, Refused<RegisterRefusal>> {
    if cx.caller.extranet {
        return Err(Refused::Because(RegisterRefusal::Outsider));
    }
    if !bot::lock_exclusive(cx.tx, bot.user)? {
        return Err(Refused::Because(RegisterRefusal::BotGone));
    }
    let folded = rules::folded(plan.name);
    if let Some(known) = command::find_of_bot(cx.tx, bot.user, &folded)? {
        if let Some(url) = plan.handler {
            set_handler(cx, bot, known.id, url)?;
        }
        return Ok(known);
    }
    if command::count(cx.tx, bot.user)? >= MAX_COMMANDS {
        return Err(Refused::Because(RegisterRefusal::LimitExceeded));
    }
    let mut new = Command {
        id: 0,
        bot: bot.user,
        name: plan.name.to_owned(),
        folded,
        common: plan.common,
        hidden: plan.hidden,
        extranet_support: plan.extranet_support,
    };
    new.id = command::insert(cx.tx, &new, cx.now)?;
    for text in plan.texts {
        command::put_text(cx.tx, new.id, text)?;
    }
    match plan.handler {
        Some(url) => set_handler(cx, bot, new.id, url)?,
        None => borrow_handler(cx, bot, new.id)?,
    }
    cx.record(Event::BotUpdated { bot: bot.user });
    Ok(new)
}

/// Sets the address that calls of a command are sent to. A second-generation bot has one address for all events.
pub(super) fn set_handler(
    cx: &mut Cx<'_>,
    bot: &Bot,
    command: i64,
    url: &str,
) -> Result<(), StoreError> {
    let Some(event) = handled_event(bot) else {
        return Ok(());
    };
    let known = event_handler::find(cx.tx, bot.user, event, command)?;
    if known.is_none_or(|known| known.url != url) {
        event_handler::replace(cx.tx, bot.user, event, command, url, cx.now)?;
    }
    Ok(())
}

/// Sends calls of a command to the address of the bot's messages.
fn borrow_handler(cx: &mut Cx<'_>, bot: &Bot, command: i64) -> Result<(), StoreError> {
    let Some(messages) = StreamEvent::MessageAdd.bot_name(bot.generation) else {
        return Ok(());
    };
    match event_handler::find(cx.tx, bot.user, messages, 0)? {
        Some(handler) => set_handler(cx, bot, command, &handler.url),
        None => Ok(()),
    }
}

/// The event for which each of the bot's commands has its own handler.
pub(super) fn handled_event(bot: &Bot) -> Option<&'static str> {
    match bot.generation {
        Generation::First => StreamEvent::CommandAdd.bot_name(bot.generation),
        Generation::Second => None,
    }
}
