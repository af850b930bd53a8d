//! Facts of single events beyond their [`Scene`](super::Scene), looked up only if an event has recipients.

use readmark_model::{ChatId, Message, MessageId, Role, Seq, UserId};
use readmark_store::{
    StoreError, Tx,
    repo::{member, message},
};

/// The message before another in its chat.
pub fn previous_message(
    tx: &mut dyn Tx,
    message: &Message,
) -> Result<Option<MessageId>, StoreError> {
    if message.seq <= Seq(1) {
        return Ok(None);
    }
    let found = message::find_at_or_before(tx, message.chat, message.seq.prev())?;
    Ok(found.map(|place| place.id))
}

/// Whether a member manages a chat.
pub fn is_manager(tx: &mut dyn Tx, chat: ChatId, user: UserId) -> Result<bool, StoreError> {
    let role = member::find_role(tx, chat, user)?;
    Ok(role.is_some_and(|role| role >= Role::Manager))
}

/// Whether nothing of a chat's history is hidden from a user. Nothing is hidden from a non-member.
pub fn sees_all_history(tx: &mut dyn Tx, chat: ChatId, user: UserId) -> Result<bool, StoreError> {
    let found = member::find(tx, chat, user)?;
    Ok(found.is_none_or(|found| found.member.read.visible_from <= Seq(1)))
}
