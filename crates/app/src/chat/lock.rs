//! Locking a chat before changing it.

use readmark_model::{ChatId, Role, chat::Chat};
use readmark_store::{
    StoreError,
    repo::{chat, member},
};

use crate::Cx;

/// Locks a chat exclusively, so that concurrent changes are serialised and checked rights still hold when they are used. Also
/// returns the acting user's role: [`Role::Guest`] for an intranet user who is not a member of an open chat, `None` without
/// access.
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
