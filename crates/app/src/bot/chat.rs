//! The chats that a bot acts in: those it is a member of.

use readmark_model::{ChatId, DialogId};
use readmark_store::repo::{chat, member};

use crate::{Cx, Interrupt, access};

/// The chat of a dialog; `None` when the acting bot is not a member, even if the chat is open.
///
/// # Errors
/// As [`access::resolve`].
pub fn find(cx: &mut Cx<'_>, dialog: DialogId) -> Result<Option<ChatId>, Interrupt> {
    let Some(chat) = access::resolve(cx, dialog)? else {
        return Ok(None);
    };
    let role = member::find_role(cx.tx, chat, cx.user)?;
    Ok(role.map(|_| chat))
}

/// As [`find`], with the chat locked exclusively, so that the bot stays a member while it acts.
///
/// # Errors
/// As [`access::resolve`].
pub fn lock_exclusive(cx: &mut Cx<'_>, dialog: DialogId) -> Result<Option<ChatId>, Interrupt> {
    let Some(chat) = access::resolve(cx, dialog)? else {
        return Ok(None);
    };
    if chat::lock_exclusive(cx.tx, chat)?.is_none() {
        return Ok(None);
    }
    let role = member::find_role(cx.tx, chat, cx.user)?;
    Ok(role.map(|_| chat))
}
