//! Opening a dialog with a context for its bots: `im.v2.Chat.Bot.sendContext` (sources: bot context).

use readmark_model::{DialogId, Event, bot::Generation};
use readmark_store::repo::{member, stream};

use crate::{Cx, Refused, access};

/// Why a context is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContextRefusal {
    /// The dialog names no chat, or the acting user is not a member.
    NoAccess,
    /// No bot in it receives contexts.
    NoBot,
}

/// Sends a context to the bots of a dialog, without posting a message.
///
/// # Errors
/// [`ContextRefusal`]; then nothing changes.
pub fn send(
    cx: &mut Cx<'_>,
    dialog: DialogId,
    context: String,
) -> Result<(), Refused<ContextRefusal>> {
    const NO_ACCESS: Refused<ContextRefusal> = Refused::Because(ContextRefusal::NoAccess);
    let chat = access::resolve(cx, dialog)?.ok_or(NO_ACCESS)?;
    member::find_role(cx.tx, chat, cx.user)?.ok_or(NO_ACCESS)?;
    let listeners = stream::list_listeners(cx.tx, chat)?;
    let mut bots = listeners
        .iter()
        .filter_map(|listener| listener.bot.as_ref());
    if !bots.any(|bot| bot.generation == Generation::Second) {
        return Err(Refused::Because(ContextRefusal::NoBot));
    }
    cx.record(Event::ContextSent {
        chat,
        user: cx.user,
        context,
    });
    Ok(())
}
