//! Locking a chat that is about to change.

use readmark_model::{ChatId, Role, chat::Chat};
use readmark_store::{
    StoreError,
    repo::{chat, member},
};

use crate::Cx;

/// A chat, locked exclusively, so that two who join, leave or rename it come one after the other and the rights that were
/// checked are still those when they are used; with the role of the one who acts: [`Role::Guest`] for an intranet user who is
/// no member of an open chat, `None` for those who may not even look into it.
pub(super) fn lock_exclusive(
    cx: &mut Cx<'_>,
    id: ChatId,
) -> Result<Option<(Chat, Option<Role>)>, StoreError> {
    let Some(chat) = chat::lock_exclusive(cx.tx, id)? else {
        return Ok(None);
    };
    let role = member::find_role(cx.tx, id, cx.user)?;
    let guest = (chat.kind.is_open() && !cx.is_extranet()).then_some(Role::Guest);
    Ok(Some((chat, role.or(guest))))
}
