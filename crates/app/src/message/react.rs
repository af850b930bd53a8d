//! Reactions to messages (`im.message.like`).

use readmark_model::{Event, MessageId};
use readmark_store::repo::{member, message, reaction};

use crate::{Cx, Refused};

/// The reaction of `im.message.like`.
pub const LIKE: &str = "like";

/// What to do with the acting user's reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Set it if missing, remove it if set.
    Toggled,
    /// Set it.
    Set,
    /// Remove it.
    Removed,
}

/// Why a reaction stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReactRefusal {
    /// There is no such message, it is deleted, or the acting user is not a member of its chat or cannot see it.
    NotFound,
    /// It is as requested already.
    Unchanged,
}

/// Changes the acting user's reaction `kind` to a message; returns whether it is set now.
///
/// # Errors
/// [`ReactRefusal`]; then nothing changes.
pub fn change(
    cx: &mut Cx<'_>,
    id: MessageId,
    kind: &str,
    wanted: Wanted,
) -> Result<bool, Refused<ReactRefusal>> {
    const NO: Refused<ReactRefusal> = Refused::Because(ReactRefusal::NotFound);
    let chat = message::find(cx.tx, id)?.ok_or(NO)?.chat;
    // While the member is locked, no message of the chat is deleted, and one member's reactions are serialised.
    let member = member::lock_exclusive(cx.tx, chat, cx.user)?
        .ok_or(NO)?
        .member;
    let message = message::find(cx.tx, id)?.ok_or(NO)?;
    if message.deleted || message.seq < member.read.visible_from {
        return Err(NO);
    }
    let set = match wanted {
        Wanted::Toggled => !reaction::exists(cx.tx, id, cx.user, kind)?,
        Wanted::Set => true,
        Wanted::Removed => false,
    };
    let changed = if set {
        reaction::insert(cx.tx, id, cx.user, kind, cx.now)?
    } else {
        reaction::delete(cx.tx, id, cx.user, kind)?
    };
    if !changed {
        return Err(Refused::Because(ReactRefusal::Unchanged));
    }
    cx.record(Event::ReactionChanged {
        chat,
        message: id,
        user: cx.user,
        reaction: kind.to_owned(),
        added: set,
    });
    Ok(set)
}
