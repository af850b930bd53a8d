//! Notifications against a recount of their flags.

use std::collections::BTreeMap;

use readmark_model::UserId;
use readmark_store::{StoreError, Tx, repo::notification};

use super::{Check, Drift, Findings, facts::People};

/// Compares each user's counter of notifications with the flags, and looks for recipients and authors that do not exist.
pub(super) fn check(
    tx: &mut dyn Tx,
    people: &People,
    drift: &mut Vec<Drift>,
) -> Result<(), StoreError> {
    let mut unread: BTreeMap<UserId, i64> = people.ids().into_iter().map(|id| (id, 0)).collect();
    let mut findings = Findings {
        of: "notifications".to_owned(),
        drift,
    };
    for (user, author, flag) in notification::list_flags(tx)? {
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
    for (user, expected) in unread {
        let counted = notification::count_unread(tx, user)?;
        let name = format!("counter of user {user}");
        findings.equal(Check::Notification, &name, counted, expected);
    }
    Ok(())
}
