//! The indexes of words: of messages, of chats' titles, of users, and of notifications. The index of a chat's messages covers
//! them up to the chat's `indexed` seq, and no more wait than allowed.

use std::collections::BTreeMap;

use readmark_model::{NotificationId, UserId};
use readmark_store::{
    StoreError, Tx,
    repo::{audit, name_word, user},
};

use super::{
    Check, Drift, Findings,
    facts::{ChatFacts, People},
    texts::Sum,
};
use crate::message::words::BATCH;

/// Every indexed text is found by exactly its words.
pub(super) fn compare(facts: &ChatFacts, _: &People, findings: &mut Findings<'_>) {
    let (indexed, last) = (facts.chat.indexed, facts.chat.tail.last_seq);
    if indexed > last || last.get() - indexed.get() >= BATCH {
        findings.add(
            Check::Words,
            format_args!("words are indexed up to seq {indexed} of {last}"),
        );
    }
    for (seq, (said, stored)) in &facts.words.by_seq {
        let said = if *seq > indexed {
            &Sum::default()
        } else {
            said
        };
        if said != stored {
            findings.add(
                Check::Words,
                format_args!(
                    "seq {seq} has {} words, the index {} or others",
                    said.words, stored.words
                ),
            );
        }
    }
    let title = Sum::of(&facts.chat.title);
    if title != facts.title_words {
        findings.add(
            Check::ChatWords,
            format_args!(
                "the title has {} words, the index {} or others",
                title.words, facts.title_words.words
            ),
        );
    }
}

/// Users are indexed under their names, positions and departments, notifications under their texts.
pub(super) fn check_others(tx: &mut dyn Tx, drift: &mut Vec<Drift>) -> Result<(), StoreError> {
    let mut users: BTreeMap<(UserId, i64), (Sum, Sum)> = BTreeMap::new();
    for user in user::list(tx)? {
        for (part, words) in name_word::user_words(&user) {
            for word in words {
                users
                    .entry((user.id, part.code()))
                    .or_default()
                    .0
                    .add(&word);
            }
        }
    }
    audit::each_user_word(tx, |user, part, word| {
        users.entry((user, part)).or_default().1.add(word);
    })?;
    let mut findings = Findings {
        of: "users".to_owned(),
        drift,
    };
    for ((user, part), (has, stored)) in users {
        if has != stored {
            findings.add(
                Check::UserWords,
                format_args!(
                    "part {part} of user {user} has {} words, the index {} or others",
                    has.words, stored.words
                ),
            );
        }
    }
    let mut told: BTreeMap<(UserId, NotificationId), (Sum, Sum)> = BTreeMap::new();
    audit::each_notification(tx, |user, id, text| {
        told.entry((user, id)).or_default().0 = Sum::of(text);
    })?;
    audit::each_notification_word(tx, |user, id, word| {
        told.entry((user, id)).or_default().1.add(word);
    })?;
    findings.of = "notifications".to_owned();
    for ((user, id), (has, stored)) in told {
        if has != stored {
            findings.add(
                Check::NotificationWords,
                format_args!(
                    "notification {id} of user {user} has {} words, the index {} or others",
                    has.words, stored.words
                ),
            );
        }
    }
    Ok(())
}
