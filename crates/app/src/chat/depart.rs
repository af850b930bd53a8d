//! Leaving a chat and removing others: `im.chat.leave`, `im.chat.user.delete` (rule R6).

use readmark_model::{ChatId, ChatKind, Policy, Role, UserId, chat::Chat};
use readmark_store::repo::member;

use crate::{
    Cx, Refused,
    chat::{lock, members, notices},
};

/// Why a member is not removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DepartRefusal {
    /// The acting user sees no such chat, or it is private.
    NotAvailable,
    /// The chat's members follow its workgroup.
    Fixed,
    /// The acting user may not remove others, or not this member.
    NoRight,
    /// The owner cannot be removed, and cannot leave a chat of this kind.
    OwnerStays,
    /// The user to remove is not a member.
    NotMember,
}

type Gone = Result<(), Refused<DepartRefusal>>;

/// The acting user leaves. If that was the owner, another member becomes owner, see [`members::remove`].
///
/// # Errors
/// [`DepartRefusal`]; then nothing changes.
pub fn leave(cx: &mut Cx<'_>, id: ChatId) -> Gone {
    let user = cx.user;
    remove(cx, id, user)
}

/// The acting user removes another member, or leaves.
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
