//! The handlers of a bot of the second generation: one for each event where they are sent to it, none where it asks for them.

use readmark_model::{EventMode, bot::StreamEvent};
use readmark_store::{
    StoreError,
    repo::{bot::Bot, delivery, event_handler},
};

use crate::Cx;

/// Makes the handlers of a bot what its mode and its address say. A change of the address makes other handlers, so that
/// nothing more is sent to the old one: what waits is sent to the new one, or dropped when there is none. Any other change
/// leaves them as they are.
///
/// # Errors
/// When the store fails.
pub(super) fn update(cx: &mut Cx<'_>, old: Option<&Bot>, new: &Bot) -> Result<(), StoreError> {
    let address =
        |bot: &Bot| (bot.event_mode == EventMode::Webhook).then(|| bot.webhook_url.clone());
    let (before, after) = (old.and_then(address), address(new));
    if before == after {
        return Ok(());
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
