//! View rows (rule R13).

use std::collections::HashMap;

use readmark_model::{MessageKind, Seq, UserId};
use readmark_store::{
    StoreError, Tx,
    repo::{
        audit::{self, ViewRow},
        view,
    },
};

use super::{
    Check, Drift, Findings,
    facts::{ChatFacts, People, strangers},
};

/// The ranges of a user follow each other within the chat.
pub(super) fn ranges(facts: &ChatFacts, people: &People, findings: &mut Findings<'_>) {
    for user in strangers(facts.views.iter().map(|view| view.user), people) {
        findings.add(
            Check::ViewRange,
            format_args!("user {user} viewed but does not exist"),
        );
    }
    let last = facts.last_seq();
    let mut ends: HashMap<UserId, Seq> = HashMap::new();
    for view in &facts.views {
        let ViewRow { user, from, to, .. } = *view;
        let end = ends.insert(user, to).unwrap_or(Seq::ZERO);
        if from <= end {
            findings.add(
                Check::ViewRange,
                format_args!(
                    "user {user}: {from} to {to} begins before {end}, the end of the one before"
                ),
            );
        }
        if from > to || to > last {
            findings.add(
                Check::ViewRange,
                format_args!("user {user}: {from} to {to} is no range up to {last}"),
            );
        }
    }
}

/// The recent views of a user come after the others, which is what questions about both rely on.
pub(super) fn recent(facts: &ChatFacts, _: &People, findings: &mut Findings<'_>) {
    for pair in facts.views.windows(2) {
        let [before, after] = pair else { continue };
        if before.user == after.user && before.recent && !after.recent {
            findings.add(
                Check::RecentViews,
                format_args!(
                    "user {}: {} to {} is recent, {} to {} after it is not",
                    before.user, before.from, before.to, after.from, after.to
                ),
            );
        }
    }
}

/// There are fewer recent views than are merged at once.
pub(super) fn check_number(tx: &mut dyn Tx, drift: &mut Vec<Drift>) -> Result<(), StoreError> {
    let rows = audit::count_recent_views(tx)?;
    if rows >= view::MAX_RECENT {
        drift.push(Drift {
            check: Check::RecentViews,
            what: format!(
                "{rows} recent views, of which there must be fewer than {}",
                view::MAX_RECENT
            ),
        });
    }
    Ok(())
}

/// A view begins and ends with a message that could be viewed, unless it was deleted since, and not before it was sent.
pub(super) fn ends(facts: &ChatFacts, _: &People, findings: &mut Findings<'_>) {
    for view in &facts.views {
        let ViewRow { user, from, to, .. } = *view;
        for seq in [from, to] {
            let Some(message) = facts.at(seq) else {
                continue;
            };
            if message.kind == MessageKind::Notice || message.author == user {
                let what =
                    format_args!("user {user}: {from} to {to} ends at a notice or an own message");
                findings.add(Check::ViewEnd, what);
            }
            if view.at < message.created_at {
                let what = format_args!(
                    "user {user}: {from} to {to} was viewed before message {} was sent",
                    message.id
                );
                findings.add(Check::ViewEnd, what);
            }
        }
    }
}

/// A member's views end with the last row, even one from an earlier membership.
pub(super) fn viewed(facts: &ChatFacts, _: &People, findings: &mut Findings<'_>) {
    // The last row of each user wins.
    let ends = facts.views.iter().map(|view| (view.user, view.to));
    let last: HashMap<UserId, Seq> = ends.collect();
    for member in &facts.members {
        let end = last.get(&member.user).copied().unwrap_or(Seq::ZERO);
        let name = format!("viewed of user {}", member.user);
        findings.equal(Check::Viewed, &name, member.read.viewed, end);
    }
}
