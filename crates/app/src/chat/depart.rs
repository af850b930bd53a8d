//! Leaving a chat and removing others: `im.chat.leave`, `im.chat.user.delete` (rule R6).

use readmark_model::{ChatId, ChatKind, Policy, Role, UserId, chat::Chat};
use readmark_store::repo::member;

use crate::{
    Cx, Refused,
    chat::{lock, members, notices},
};

/// Why nobody goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DepartRefusal {
    /// There is no such chat for the one who acts, or it is a private one.
    NotAvailable,
    /// Members of this chat follow something else: a workgroup's.
    Fixed,
    /// The one who acts may not remove others, or not this one.
    NoRight,
    /// The owner is not removed, and does not leave a chat of this kind.
    OwnerStays,
    /// The one who is to go is no member.
    NotMember,
}

type Gone = Result<(), Refused<DepartRefusal>>;

/// The one who acts leaves. When it was the owner, somebody else becomes it, see [`members::remove`].
///
/// # Errors
/// [`DepartRefusal`]; then nothing changes.
pub fn leave(cx: &mut Cx<'_>, id: ChatId) -> Gone {
    let user = cx.user;
    remove(cx, id, user)
}

/// The one who acts removes somebody else, or leaves.
///
/// # Errors
/// [`DepartRefusal`]; then nothing changes.
pub fn remove(cx: &mut Cx<'_>, id: ChatId, user: UserId) -> Gone {
    let (chat, role) =
        lock::lock_exclusive(cx, id)?.ok_or(Refused::Because(DepartRefusal::NotAvailable))?;
    let allowed = if user == cx.user {
        check_leaving(&chat, role)
    } else {
        let other = member::find_role(cx.tx, id, user)?;
        check_removing(&chat, role, other)
    };
    allowed.map_err(Refused::Because)?;
    members::remove(cx, &chat, user)?;
    notices::left(cx, id, user)?;
    Ok(())
}

fn check_leaving(chat: &Chat, role: Option<Role>) -> Result<(), DepartRefusal> {
    let role = role.filter(|role| *role >= Role::Member);
    let role = role.ok_or(DepartRefusal::NotMember)?;
    if chat.kind == ChatKind::Private {
        return Err(DepartRefusal::NotAvailable);
    }
    let policy = Policy::of(chat.kind, &chat.entity.kind);
    if !policy.leave {
        return Err(DepartRefusal::Fixed);
    }
    if !policy.for_role(&chat.permissions, role).leave {
        return Err(DepartRefusal::OwnerStays);
    }
    Ok(())
}

fn check_removing(
    chat: &Chat,
    role: Option<Role>,
    other: Option<Role>,
) -> Result<(), DepartRefusal> {
    let role = role.filter(|_| chat.kind != ChatKind::Private);
    let role = role.ok_or(DepartRefusal::NotAvailable)?;
    if !Policy::of(chat.kind, &chat.entity.kind).leave {
        return Err(DepartRefusal::Fixed);
    }
    if other == Some(Role::Owner) {
        return Err(DepartRefusal::OwnerStays);
    }
    if !chat.permissions.manage_users_delete.allows(role) {
        return Err(DepartRefusal::NoRight);
    }
    let other = other.ok_or(DepartRefusal::NotMember)?;
    // Only the owner removes a manager.
    if other >= Role::Manager && other >= role {
        return Err(DepartRefusal::NoRight);
    }
    Ok(())
}
