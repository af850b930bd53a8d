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

/// Why a bot is not unregistered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnregisterRefusal {
    /// It was unregistered concurrently.
    Gone,
    /// The caller is an extranet user, as with registering.
    Outsider,
}

/// Unregisters a bot. It leaves its group chats without notices, and its private chats are removed for the other user too, as
/// the page of `imbot.unregister` says. Its messages in groups stay, under the name of its dismissed user. Its code can be
/// registered again, which creates another bot.
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
    // Locked in one order, to avoid deadlocks.
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
    // Nobody can fetch its stream any more.
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
        // The acting bot itself is gone.
        by: cx.caller.user,
    });
    Ok(())
}

/// Deletes a bot's commands and their handlers.
fn delete_commands(cx: &mut Cx<'_>, bot: &Bot) -> Result<(), StoreError> {
    for (command, _) in command::list(cx.tx, bot.user)? {
        command::delete(cx.tx, command.id)?;
    }
    Ok(())
}
