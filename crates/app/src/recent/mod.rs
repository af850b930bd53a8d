//! What a member does to a chat in the recent list (rules R7, R8, R10).

pub mod list;

use readmark_model::{ChatId, DialogId, Event, Policy, member::Member};
use readmark_store::{
    StoreError,
    repo::member::{self, Membership},
};

use crate::{
    Cx, Interrupt, access,
    dialog::read::{self, Viewing},
};

/// Sets the unread flag, which brings a hidden chat back (rules R8, R10). `false` when the acting user is not a member.
pub fn set_flag(cx: &mut Cx<'_>, chat: ChatId) -> Result<bool, StoreError> {
    let Some(Membership { tail, member, .. }) = member::lock_exclusive(cx.tx, chat, cx.user)?
    else {
        return Ok(false);
    };
    if member.read.unread_flag && !member.is_hidden(&tail) {
        return Ok(true);
    }
    let mut after = Member {
        hidden_seq: None,
        ..member
    };
    after.read.unread_flag = true;
    member::update_read(cx.tx, &after, cx.now)?;
    cx.record(Event::ChatFlagged {
        chat,
        user: cx.user,
        flagged: true,
    });
    Ok(true)
}

/// Clears the unread flag and reads the chat without recording views (rule R8). `false` when the acting user is not a member.
pub fn clear_flag(cx: &mut Cx<'_>, chat: ChatId) -> Result<bool, StoreError> {
    let Some(Membership { member, .. }) = member::lock_exclusive(cx.tx, chat, cx.user)? else {
        return Ok(false);
    };
    if member.read.unread_flag {
        cx.record(Event::ChatFlagged {
            chat,
            user: cx.user,
            flagged: false,
        });
    }
    Ok(read::read(cx, chat, None, Viewing::Skipped)?.is_some())
}

/// Hides a chat from the recent list until something other than a notice is sent (rule R10). `false` when the acting user is
/// not a member.
pub fn hide(cx: &mut Cx<'_>, chat: ChatId) -> Result<bool, StoreError> {
    let Some(Membership { tail, member, .. }) = member::lock_exclusive(cx.tx, chat, cx.user)?
    else {
        return Ok(false);
    };
    if !member.is_hidden(&tail) {
        member::update_hidden(cx.tx, chat, cx.user, tail.last_seq, cx.now)?;
        cx.record(Event::ChatHidden {
            chat,
            user: cx.user,
        });
    }
    Ok(true)
}

/// Pins or unpins a chat; pinning brings a hidden one back (rule R10). `false` when the acting user is not a member.
pub fn pin(cx: &mut Cx<'_>, chat: ChatId, pinned: bool) -> Result<bool, StoreError> {
    let Some(Membership { tail, member, .. }) = member::lock_exclusive(cx.tx, chat, cx.user)?
    else {
        return Ok(false);
    };
    let comes_back = pinned && member.is_hidden(&tail);
    if member.pinned_at.is_some() != pinned || comes_back {
        let at = pinned.then_some(cx.now);
        member::update_pinned(cx.tx, chat, cx.user, at, cx.now)?;
        cx.record(Event::ChatPinned {
            chat,
            user: cx.user,
            pinned,
        });
    }
    Ok(true)
}

/// Mutes or unmutes a chat (rule R7). `false` when the acting user is not a member or the chat cannot be muted.
///
/// # Errors
/// As [`access::resolve`].
pub fn mute(cx: &mut Cx<'_>, dialog: DialogId, muted: bool) -> Result<bool, Interrupt> {
    let Some(access) = access::look_at(cx, dialog)? else {
        return Ok(false);
    };
    let (role, chat) = (access.role(), access.chat);
    let policy = Policy::of(chat.kind, &chat.entity.kind).for_role(&chat.permissions, role);
    if !policy.mute {
        return Ok(false);
    }
    // Read again under a lock, which serialises concurrent muting, unmuting and leaving.
    let Some(Membership { member, .. }) = member::lock_exclusive(cx.tx, chat.id, cx.user)? else {
        return Ok(false);
    };
    if member.muted != muted {
        member::update_muted(cx.tx, chat.id, cx.user, muted, cx.now)?;
        cx.record(Event::ChatMuted {
            chat: chat.id,
            user: cx.user,
            muted,
        });
    }
    Ok(true)
}
