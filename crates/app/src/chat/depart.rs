//! Leaving a chat and removing others: `im.chat.leave`, `im.chat.user.delete` (rule R6).

use readmark_model::{ChatId, ChatKind, Policy, Role, UserId};
use readmark_store::repo::{chat, member};

use crate::{
    Cx, Refused,
    chat::{members, notices},
};

/// Why nobody goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DepartRefusal {
    /// There is no such chat for the one who acts, or it is a private one.
    NotAvailable,
    /// Members of this chat follow something else: a workgroup's.
    Fixed,
    /// The one who acts is no member, may not remove others, or owns a chat that its owner cannot leave.
    NoRight,
    /// The other one is no member.
    NotMember,
}

/// The one who acts leaves.
///
/// # Errors
/// [`DepartRefusal`]; then nothing changes.
pub fn leave(cx: &mut Cx<'_>, id: ChatId) -> Result<(), Refused<DepartRefusal>> {
    let user = cx.user;
    let chat =
        chat::find_locked(cx.tx, id)?.ok_or(Refused::Because(DepartRefusal::NotAvailable))?;
    let role = member::find_role(cx.tx, id, user)?;
    if chat.kind == ChatKind::Private {
        return Err(Refused::Because(DepartRefusal::NotAvailable));
    }
    let role = role.ok_or(Refused::Because(DepartRefusal::NoRight))?;
    let policy = Policy::of(chat.kind, &chat.entity.kind);
    if !policy.leave {
        return Err(Refused::Because(DepartRefusal::Fixed));
    }
    if !policy.for_role(&chat.permissions, role).leave {
        return Err(Refused::Because(DepartRefusal::NoRight));
    }
    go(cx, &chat, user)
}

/// The one who acts removes somebody of a lower role; oneself is left.
///
/// # Errors
/// [`DepartRefusal`]; then nothing changes.
pub fn remove(cx: &mut Cx<'_>, id: ChatId, user: UserId) -> Result<(), Refused<DepartRefusal>> {
    if user == cx.user {
        return leave(cx, id);
    }
    let chat =
        chat::find_locked(cx.tx, id)?.ok_or(Refused::Because(DepartRefusal::NotAvailable))?;
    let role = member::find_role(cx.tx, id, cx.user)?;
    let role = role
        .filter(|_| chat.kind != ChatKind::Private)
        .ok_or(Refused::Because(DepartRefusal::NotAvailable))?;
    if !Policy::of(chat.kind, &chat.entity.kind).leave {
        return Err(Refused::Because(DepartRefusal::Fixed));
    }
    if !chat.permissions.manage_users_delete.allows(role) {
        return Err(Refused::Because(DepartRefusal::NoRight));
    }
    let other: Role =
        member::find_role(cx.tx, id, user)?.ok_or(Refused::Because(DepartRefusal::NotMember))?;
    if other >= role {
        return Err(Refused::Because(DepartRefusal::NoRight));
    }
    go(cx, &chat, user)
}

fn go(cx: &mut Cx<'_>, chat: &chat::Chat, user: UserId) -> Result<(), Refused<DepartRefusal>> {
    members::remove(cx, chat, user)?;
    notices::left(cx, chat.id, user)?;
    Ok(())
}
