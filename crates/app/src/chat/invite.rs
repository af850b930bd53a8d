//! Adding members: `im.chat.user.add` (rule R5).

use readmark_model::{ChatId, Policy, Role, UserId};
use readmark_store::repo::chat;

use crate::{
    Cx, Refused, access,
    chat::{members, notices},
};

/// Why nobody is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteRefusal {
    /// There is no such chat, or the one who acts may not look into it.
    NotAvailable,
    /// Nobody can be added to this chat: a private one, or a workgroup's.
    Fixed,
    /// The one who acts has no right to.
    NoRight,
}

/// Adds users to a chat, where the one who acts may. Members and users who are unknown, dismissed or cannot be seen are passed
/// over. Who may look into an open chat may join it.
///
/// # Errors
/// [`InviteRefusal`]; then nothing changes.
pub fn invite(
    cx: &mut Cx<'_>,
    id: ChatId,
    users: &[UserId],
    history_shown: bool,
) -> Result<(), Refused<InviteRefusal>> {
    let access = access::look(cx, id)?.ok_or(Refused::Because(InviteRefusal::NotAvailable))?;
    let role = access.role();
    let policy = Policy::of(access.chat.kind, &access.chat.entity.kind);
    if !policy.extend {
        return Err(Refused::Because(InviteRefusal::Fixed));
    }
    let joins =
        role == Role::Guest && users.iter().all(|user| *user == cx.user) && !users.is_empty();
    if !joins && !policy.for_role(&access.chat.permissions, role).extend {
        return Err(Refused::Because(InviteRefusal::NoRight));
    }
    let mut seen = Vec::with_capacity(users.len());
    for &user in users {
        if access::may_see_user(cx, user)? {
            seen.push(user);
        }
    }
    let chat =
        chat::find_locked(cx.tx, id)?.ok_or(Refused::Because(InviteRefusal::NotAvailable))?;
    // A chat that anybody may look into has no history to hide.
    let shown = history_shown || chat.kind.is_open();
    let added = members::add(cx, &chat, &seen, shown)?;
    if !added.is_empty() {
        notices::joined(cx, id, &added)?;
    }
    Ok(())
}
