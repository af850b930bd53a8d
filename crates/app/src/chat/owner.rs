//! Handing a chat over: `im.chat.setOwner`.

use readmark_model::{ChatId, Policy, Role, UserId};
use readmark_store::repo::{chat, member};

use crate::{Cx, Refused, chat::members};

/// Why the owner stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerRefusal {
    /// There is no such chat for the one who acts, or its owner follows something else: a private or a workgroup's one.
    NotAvailable,
    /// The one who acts is not the owner, or the new one is no member.
    NotOwnerOrMember,
}

/// Makes a member the owner; the one who was it becomes an ordinary member.
///
/// # Errors
/// [`OwnerRefusal`]; then nothing changes.
pub fn set_owner(cx: &mut Cx<'_>, id: ChatId, owner: UserId) -> Result<(), Refused<OwnerRefusal>> {
    const NOT_AVAILABLE: Refused<OwnerRefusal> = Refused::Because(OwnerRefusal::NotAvailable);
    let chat = chat::find_locked(cx.tx, id)?.ok_or(NOT_AVAILABLE)?;
    let role = member::find_role(cx.tx, id, cx.user)?.ok_or(NOT_AVAILABLE)?;
    if !Policy::of(chat.kind, &chat.entity.kind).leave {
        return Err(NOT_AVAILABLE);
    }
    if role != Role::Owner || member::find_role(cx.tx, id, owner)?.is_none() {
        return Err(Refused::Because(OwnerRefusal::NotOwnerOrMember));
    }
    if owner != cx.user {
        member::update_role(cx.tx, id, cx.user, Role::Member)?;
        members::set_owner(cx, id, owner)?;
    }
    Ok(())
}
