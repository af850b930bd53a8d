//! A chat that is about to change, and what the one who acts is in it.

use readmark_model::{ChatId, Role};
use readmark_store::{
    StoreError,
    repo::{
        chat::{self, Chat},
        member,
    },
};

use crate::Cx;

/// A chat that nobody else changes before this transaction ends, so that two who join, leave or rename come one after the
/// other, and the rights that were looked at still hold when they are used. With it what the one who acts is in it: `None`
/// for who may not even look into it, [`Role::Guest`] for an intranet user before an open chat.
pub(super) fn hold(
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
