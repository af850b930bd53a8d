//! `imbot.v2.Bot.unregister` (rule R6).

use readmark_model::{
    ChatKind, Event,
    bot::{Bot, StreamEvent},
};
use readmark_store::{
    StoreError,
    repo::{bot, chat, command, event_handler, member, stream, user},
};

use super::apps;
use crate::{Cx, Refused, chat::members};

/// Why a bot is not taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnregisterRefusal {
    /// Somebody else took it away at the same time.
    Gone,
    /// The caller comes from outside: as with registering, bots are the portal's own affair.
    Outsider,
}

/// Takes a bot away. It leaves its group chats, without notices, and its private chats are taken from the other side too, as
/// the page of `imbot.unregister` says. What it wrote in groups stays, under the name of its user, who is dismissed. Its
/// code can be registered again, which makes another bot.
///
/// # Errors
/// [`UnregisterRefusal`]; then nothing changes.
pub fn unregister(cx: &mut Cx<'_>, bot: &Bot) -> Result<(), Refused<UnregisterRefusal>> {
    if cx.caller.extranet {
        return Err(Refused::Because(UnregisterRefusal::Outsider));
    }
    let mut chats: Vec<_> = member::list_chats(cx.tx, bot.user)?
        .into_iter()
        .map(|(_, chat)| chat.id)
        .collect();
    // Always in the same order, as everybody who locks several.
    chats.sort();
    for id in chats {
        let Some(chat) = chat::lock_exclusive(cx.tx, id)? else {
            continue;
        };
        let leaving = if chat.kind == ChatKind::Private {
            member::list_user_ids(cx.tx, id)?
        } else {
            vec![bot.user]
        };
        for user in leaving {
            members::remove(cx, &chat, user)?;
        }
    }
    let name = StreamEvent::Delete.bot_name(bot.generation);
    let handler = match name {
        Some(name) => event_handler::find(cx.tx, bot.user, name, 0)?,
        None => None,
    };
    if !bot::delete(cx.tx, bot.user)? {
        return Err(Refused::Because(UnregisterRefusal::Gone));
    }
    event_handler::delete_all(cx.tx, bot.user)?;
    // Nobody can ask for what is in its stream any more.
    stream::delete(cx.tx, bot.user)?;
    delete_commands(cx, bot)?;
    apps::delete_all(cx, bot.user)?;
    if let Some(mut user) = user::find(cx.tx, bot.user)? {
        user.active = false;
        user.updated_at = cx.now;
        user::update(cx.tx, &user)?;
    }
    cx.record(Event::BotDeleted {
        bot: Box::new(bot.clone()),
        handler: handler.map(Box::new),
        // The bot itself, which acts here, is gone.
        by: cx.caller.user,
    });
    Ok(())
}

/// Takes the commands of a bot away, with their handlers.
fn delete_commands(cx: &mut Cx<'_>, bot: &Bot) -> Result<(), StoreError> {
    for (command, _) in command::list(cx.tx, bot.user)? {
        command::delete(cx.tx, command.id)?;
    }
    Ok(())
}
