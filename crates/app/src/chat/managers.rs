//! Promoting members to managers, and demoting them: `imbot.v2.Chat.Manager.add`, `imbot.chat.setManager`.

use std::collections::BTreeSet;

use readmark_model::{ChatId, Event, Policy, Role, UserId};
use readmark_store::repo::member;

use crate::{Cx, Refused, chat::lock};

/// Why the managers are not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManagersRefusal {
    /// The acting user may not see the chat, or its managers are fixed: it is private or a workgroup's.
    NotAvailable,
    /// The acting user is not the owner.
    NotOwner,
}

/// Makes users managers of a chat, or ordinary members with `manage` false. The owner and non-members are left as they are.
/// Returns how many of the users are members.
///
/// # Errors
/// [`ManagersRefusal`]; then nothing changes.
pub fn set(
    cx: &mut Cx<'_>,
    id: ChatId,
    users: &[UserId],
    manage: bool,
) -> Result<usize, Refused<ManagersRefusal>> {
    const NOT_AVAILABLE: Refused<ManagersRefusal> = Refused::Because(ManagersRefusal::NotAvailable);
    let Some((chat, Some(role))) = lock::lock_exclusive(cx, id)? else {
        return Err(NOT_AVAILABLE);
    };
    if !Policy::of(chat.kind, &chat.entity.kind).leave {
        return Err(NOT_AVAILABLE);
    }
    if role != Role::Owner {
        return Err(Refused::Because(ManagersRefusal::NotOwner));
    }
    let (from, to) = if manage {
        (Role::Member, Role::Manager)
    } else {
        (Role::Manager, Role::Member)
    };
    let (mut members, mut changed) = (0, false);
    for user in BTreeSet::from_iter(users.iter().copied()) {
        let Some(role) = member::find_role(cx.tx, id, user)? else {
            continue;
        };
        members += 1;
        if role == from {
            member::update_role(cx.tx, id, user, to, cx.now)?;
            changed = true;
        }
    }
    if changed {
        cx.record(Event::ChatUpdated {
            chat: id,
            by: cx.user,
        });
    }
    Ok(members)
}
