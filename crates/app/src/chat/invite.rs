//! Adding members: `im.chat.user.add` (rule R5).

use readmark_model::{ChatId, Policy, Role, UserId};

use crate::{
    Cx, Refused, access,
    chat::{lock, members, notices},
};

/// Why users are not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteRefusal {
    /// There is no such chat, or the acting user may not see it.
    NotAvailable,
    /// Nobody can be added to this chat: it is private, or a workgroup's.
    Fixed,
    /// The acting user lacks the right.
    NoRight,
}

/// Adds users to a chat, if the acting user may. Existing members and unknown, dismissed or invisible users are skipped.
/// Anyone who may see an open chat may join it. Returns the new members.
///
/// # Errors
/// [`InviteRefusal`]; then nothing changes.
pub fn invite(
    cx: &mut Cx<'_>,
    id: ChatId,
    users: &[UserId],
    history_shown: bool,
) -> Result<Vec<UserId>, Refused<InviteRefusal>> {
    let refuse = |reason| Err(Refused::Because(reason));
    let Some((chat, Some(role))) = lock::lock_exclusive(cx, id)? else {
        return refuse(InviteRefusal::NotAvailable);
    };
    let policy = Policy::of(chat.kind, &chat.entity.kind);
    if !policy.extend {
        return refuse(InviteRefusal::Fixed);
    }
    let joins =
        role == Role::Guest && !users.is_empty() && users.iter().all(|user| *user == cx.user);
    if !joins && !policy.for_role(&chat.permissions, role).extend {
        return refuse(InviteRefusal::NoRight);
    }
    let mut seen = Vec::with_capacity(users.len());
    for &user in users {
        if access::may_see_user(cx, user)? {
            seen.push(user);
        }
    }
    let added = members::add(cx, &chat, &seen, history_shown)?;
    if !added.is_empty() {
        notices::joined(cx, id, &added)?;
    }
    Ok(added)
}
