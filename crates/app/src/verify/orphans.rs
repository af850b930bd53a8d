//! Rows that belong to nothing.

use std::collections::HashSet;

use readmark_model::{ChatId, MessageId};
use readmark_store::{StoreError, Tx, repo::audit};

use super::{Check, Drift, facts::People};

/// Rows of chats, messages and users that do not exist.
pub(super) fn find(
    tx: &mut dyn Tx,
    chats: &[ChatId],
    messages: &HashSet<MessageId>,
    people: &People,
    drift: &mut Vec<Drift>,
) -> Result<(), StoreError> {
    let chats: HashSet<ChatId> = chats.iter().copied().collect();
    for (table, named) in audit::list_chats_named(tx)? {
        for chat in named.iter().filter(|chat| !chats.contains(chat)) {
            let what = format!("{table} has rows of chat {chat}, which does not exist");
            drift.push(Drift {
                check: Check::Orphan,
                what,
            });
        }
    }
    for (message, user) in audit::list_reactions(tx)? {
        if !messages.contains(&message) || !people.exist(user) {
            let what =
                format!("user {user} reacted to message {message}: one of them does not exist");
            drift.push(Drift {
                check: Check::Reaction,
                what,
            });
        }
    }
    Ok(())
}
