//! Finding the chat of an external object: `im.chat.get`.

use readmark_model::{ChatId, chat::Entity};
use readmark_store::{StoreError, repo::chat};

use crate::Cx;

/// The oldest chat of an external object, matched by type and id, that the acting user may see. If a workgroup has several
/// chats, a member of only a later one finds that one, while `sgN` always names the first.
pub fn by_entity(cx: &mut Cx<'_>, entity: &Entity) -> Result<Option<ChatId>, StoreError> {
    let open = !cx.is_extranet();
    chat::find_seen_by_entity(cx.tx, entity, cx.user, open)
}

/// Whether an external object has a chat, visible or not.
pub fn exists(cx: &mut Cx<'_>, entity: &Entity) -> Result<bool, StoreError> {
    Ok(chat::find_by_entity(cx.tx, &entity.kind, &entity.id)?.is_some())
}
