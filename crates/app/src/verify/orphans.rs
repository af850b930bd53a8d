//! Orphaned rows.

use std::collections::HashSet;

use readmark_model::{ChatId, MessageId, UserId};
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
    for (table, named) in audit::list_referenced_chats(tx)? {
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
    of_bots(tx, drift)
}

/// Rows of bots, commands and applications of chats that do not exist.
fn of_bots(tx: &mut dyn Tx, drift: &mut Vec<Drift>) -> Result<(), StoreError> {
    let bots: HashSet<UserId> = audit::list_bots(tx)?.into_iter().collect();
    for (table, named) in audit::list_referenced_bots(tx)? {
        for bot in named.iter().filter(|bot| !bots.contains(bot)) {
            let what = format!("{table} has rows of bot {bot}, which does not exist");
            drift.push(Drift {
                check: Check::Orphan,
                what,
            });
        }
    }
    for (table, ids) in audit::list_orphans(tx)? {
        for id in ids {
            let what = format!("{table} has rows that belong to {id}, which does not exist");
            drift.push(Drift {
                check: Check::Orphan,
                what,
            });
        }
    }
    Ok(())
}
