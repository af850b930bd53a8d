//! Finding the chat of an external object: `im.chat.get`.

use readmark_model::{ChatId, chat::Entity};
use readmark_store::{StoreError, repo::chat};

use crate::Cx;

/// The oldest chat of an external object that the one who acts may look into; type and id count. Where a workgroup has got
/// several chats, somebody who is only in a later one finds that one, while `sgN` stays the first of all.
pub fn by_entity(cx: &mut Cx<'_>, entity: &Entity) -> Result<Option<ChatId>, StoreError> {
    let open = !cx.is_extranet();
    chat::find_seen_by_entity(cx.tx, entity, cx.user, open)
}

/// Whether an external object has a chat, whoever may look into it.
pub fn exists(cx: &mut Cx<'_>, entity: &Entity) -> Result<bool, StoreError> {
    Ok(chat::find_by_entity(cx.tx, &entity.kind, &entity.id)?.is_some())
}
