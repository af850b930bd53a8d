//! Transferring ownership: `im.chat.setOwner`.

use readmark_model::{ChatId, Policy, Role, UserId};
use readmark_store::repo::member;

use crate::{
    Cx, Refused,
    chat::{lock, members},
};

/// Why ownership is not transferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerRefusal {
    /// The acting user may not see the chat, or its owner is fixed: it is private or a workgroup's.
    NotAvailable,
    /// The acting user is not the owner, or the new owner is not a member.
    NotOwnerOrMember,
}

/// Makes a member the owner; the previous owner becomes an ordinary member.
///
/// # Errors
/// [`OwnerRefusal`]; then nothing changes.
pub fn set_owner(cx: &mut Cx<'_>, id: ChatId, owner: UserId) -> Result<(), Refused<OwnerRefusal>> {
    const NOT_AVAILABLE: Refused<OwnerRefusal> = Refused::Because(OwnerRefusal::NotAvailable);
    let Some((chat, Some(role))) = lock::lock_exclusive(cx, id)? else {
        return Err(NOT_AVAILABLE);
    };
    if !Policy::of(chat.kind, &chat.entity.kind).leave {
        return Err(NOT_AVAILABLE);
    }
    if role != Role::Owner || member::find_role(cx.tx, id, owner)?.is_none() {
        return Err(Refused::Because(OwnerRefusal::NotOwnerOrMember));
    }
    if owner != cx.user {
        member::update_role(cx.tx, id, cx.user, Role::Member, cx.now)?;
        members::set_owner(cx, id, owner)?;
    }
    Ok(())
}
