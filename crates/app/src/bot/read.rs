//! `imbot.v2.Chat.Message.read` (rules R1, R12, R13).

use readmark_model::{DialogId, MessageId};
use readmark_store::repo::{member, message};

use crate::{
    Cx, Refused, access,
    dialog::read::{self, ReadDone, Viewing},
};

/// The state after a bot's read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotRead {
    /// As for any user.
    pub done: ReadDone,
    /// The messages that this read viewed for the first time, ascending: neither own messages nor notices, and only those the
    /// bot may see. Includes tombstones, as they counted.
    pub viewed: Vec<MessageId>,
}

/// Why a bot's read is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadRefusal {
    /// The dialog names no chat, or the bot is not a member.
    NoAccess,
    /// The message does not exist, was deleted, is in another chat, or lies in the history hidden from the bot.
    MessageNotFound,
}

/// Reads a dialog as the acting bot, up to a message or to its end. A message before the cursor changes nothing and returns
/// the current state (rule R1).
///
/// # Errors
/// [`ReadRefusal`]; then nothing changes.
pub fn read(
    cx: &mut Cx<'_>,
    dialog: DialogId,
    up_to: Option<MessageId>,
) -> Result<BotRead, Refused<ReadRefusal>> {
    const NO_ACCESS: Refused<ReadRefusal> = Refused::Because(ReadRefusal::NoAccess);
    let chat = access::resolve(cx, dialog)?.ok_or(NO_ACCESS)?;
    // Locked from here on, so that no message is deleted before the ids are listed.
    let member = member::lock_exclusive(cx.tx, chat, cx.user)?
        .ok_or(NO_ACCESS)?
        .member;
    if let Some(id) = up_to {
        message::find_seq(cx.tx, chat, id)?
            .filter(|seq| *seq >= member.read.visible_from)
            .ok_or(Refused::Because(ReadRefusal::MessageNotFound))?;
    }
    let done = read::read(cx, chat, up_to, Viewing::Recorded)?.ok_or(NO_ACCESS)?;
    let viewed = match done.viewed {
        Some(range) => message::list_viewable(cx.tx, chat, cx.user, range.from, range.to)?,
        None => Vec::new(),
    };
    Ok(BotRead { done, viewed })
}
