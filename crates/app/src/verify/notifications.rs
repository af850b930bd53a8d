//! Notifications against a recount of their flags.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use readmark_model::{ChatId, UserId};
use readmark_store::{
    StoreError, Tx,
    repo::{audit, notification},
};

use super::{Check, Drift, Findings, facts::People};

/// Compares each user's counter of notifications with the flags, and looks for recipients and authors that do not exist and for
/// recipients whose chat of notifications is missing or something else.
pub(super) fn check(
    tx: &mut dyn Tx,
    chats: &[ChatId],
    people: &People,
    drift: &mut Vec<Drift>,
) -> Result<(), StoreError> {
    let mut unread: BTreeMap<UserId, i64> = people.ids().into_iter().map(|id| (id, 0)).collect();
    let mut findings = Findings {
        of: "notifications".to_owned(),
        drift,
    };
    let mut without_chat = BTreeSet::new();
    for (user, author, flag) in notification::list_flags(tx)? {
        without_chat.insert(user);
        if !people.exist(user) {
            findings.add(
                Check::Notification,
                format_args!("user {user} was notified but does not exist"),
            );
        }
        if author != UserId(0) && !people.exist(author) {
            findings.add(
                Check::Notification,
                format_args!("their author {author} does not exist"),
            );
        }
        if let Some(count) = unread.get_mut(&user) {
            *count += i64::from(flag != 1);
        }
    }
    let mut taken: HashSet<ChatId> = chats.iter().copied().collect();
    for (user, chat) in audit::list_notification_chats(tx)? {
        without_chat.remove(&user);
        if !taken.insert(chat) || !people.exist(user) {
            findings.add(
                Check::Notification,
                format_args!("chat {chat} of user {user} is another one, or nobody's"),
            );
        }
    }
    for user in without_chat {
        findings.add(
            Check::Notification,
            format_args!("user {user} was notified but has no chat for it"),
        );
    }
    for (user, expected) in unread {
        let counted = notification::count_unread(tx, user)?;
        let name = format!("counter of user {user}");
        findings.equal(Check::Notification, &name, counted, expected);
    }
    Ok(())
}
