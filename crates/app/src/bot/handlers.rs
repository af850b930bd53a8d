//! The handlers of bots. A second-generation bot has one per event in webhook mode and none in polling mode; a
//! first-generation bot has those it registered.

use readmark_model::{
    EventMode,
    bot::{Bot, Generation, StreamEvent},
};
use readmark_store::{
    StoreError,
    repo::{delivery, event_handler},
};

use crate::Cx;

/// Brings a bot's handlers in line with its mode and address. A new address replaces the handlers, so that nothing more is
/// sent to the old one: waiting events go to the new one, or are dropped when there is none. Any other change leaves them as
/// they are.
pub(super) fn update(cx: &mut Cx<'_>, old: Option<&Bot>, new: &Bot) -> Result<(), StoreError> {
    let address =
        |bot: &Bot| (bot.event_mode == EventMode::Webhook).then(|| bot.webhook_url.clone());
    let (before, after) = (old.and_then(address), address(new));
    if before == after {
        return Ok(());
    }
    if new.generation == Generation::First {
        return redirect(cx, new);
    }
    let Some(url) = after else {
        event_handler::delete_all(cx.tx, new.user)?;
        return delivery::delete_waiting(cx.tx, new.user);
    };
    for event in StreamEvent::ALL {
        if let Some(name) = event.bot_name(new.generation) {
            event_handler::replace(cx.tx, new.user, name, 0, &url, cx.now)?;
        }
    }
    Ok(())
}

/// Replaces the addresses for these events of a first-generation bot; other events stay. Returns whether anything changed. A
/// second-generation bot has no such handlers.
pub(super) fn set(
    cx: &mut Cx<'_>,
    bot: &Bot,
    handlers: &[(StreamEvent, String)],
) -> Result<bool, StoreError> {
    let mut changed = false;
    if bot.generation == Generation::Second {
        return Ok(changed);
    }
    for (event, url) in handlers {
        let Some(name) = event.bot_name(bot.generation) else {
            continue;
        };
        let known = event_handler::find(cx.tx, bot.user, name, 0)?;
        if known.is_none_or(|known| known.url != *url) {
            event_handler::replace(cx.tx, bot.user, name, 0, url, cx.now)?;
            changed = true;
        }
    }
    Ok(changed)
}

/// Routes everything that is sent for a bot to its address. A first-generation bot is always sent its events, whatever its mode.
fn redirect(cx: &mut Cx<'_>, bot: &Bot) -> Result<(), StoreError> {
    let mut handlers = Vec::new();
    for event in StreamEvent::ALL {
        if let Some(name) = event.bot_name(bot.generation)
            && event_handler::find(cx.tx, bot.user, name, 0)?.is_some()
        {
            handlers.push((event, bot.webhook_url.clone()));
        }
    }
    set(cx, bot, &handlers).map(drop)
}
