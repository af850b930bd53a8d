//! Counters, totals and lists against a recount (rules R2, R7, R8, R10).

use std::collections::{BTreeMap, HashMap};

use readmark_model::{ChatId, ChatKind, MessageId, MessageKind, Seq, UserId, member::Member};
use readmark_store::{
    StoreError, Tx,
    repo::{
        counter,
        recent::{self, RecentFilter},
    },
};

use super::{
    Check, Drift, Findings,
    facts::{ChatFacts, People, Recount},
};

/// The messages that count for a member (rule R2), and the first of them.
fn recount(facts: &ChatFacts, member: &Member) -> (i64, Option<MessageId>) {
    let mut counter = 0;
    let mut first = None;
    // Seqs ascend, so a loop from the end covers exactly what is after the cursor.
    for message in facts.messages.iter().rev() {
        if message.seq <= member.read.cursor {
            break;
        }
        let counts = message.author != member.user
            && message.kind != MessageKind::Notice
            && message.seq >= member.read.visible_from;
        if counts {
            counter += 1;
            first = Some(message.id);
        }
    }
    (counter, first)
}

/// Nothing uncounted lies after the bounds up to which counting looks for it.
pub(super) fn bounds(facts: &ChatFacts, _: &People, findings: &mut Findings<'_>) {
    let bound = facts.uncounted_bound;
    if let Some(last) = facts.uncounted.last()
        && *last > bound
    {
        findings.add(
            Check::Bounds,
            format_args!("seq {last} is uncounted, after the bound {bound}"),
        );
    }
    let mut own: HashMap<UserId, Seq> = HashMap::new();
    for message in &facts.messages {
        if message.kind != MessageKind::Notice {
            own.insert(message.author, message.seq);
        }
    }
    for (user, bound) in &facts.own_bounds {
        if let Some(last) = own.get(user)
            && last > bound
        {
            findings.add(
                Check::Bounds,
                format_args!("user {user} wrote seq {last}, after the bound {bound}"),
            );
        }
    }
}

/// Whether a member hid the chat, and nothing but notices came since (rule R10).
fn is_hidden(facts: &ChatFacts, member: &Member) -> bool {
    member
        .hidden_seq
        .is_some_and(|hidden| facts.last_post_seq() <= hidden)
}

/// Compares each member's counter, and records what totals and lists must show.
pub(super) fn check_members(
    tx: &mut dyn Tx,
    facts: &ChatFacts,
    people: &mut People,
    findings: &mut Findings<'_>,
) -> Result<(), StoreError> {
    let chat = &facts.chat;
    for member in &facts.members {
        let (user, cursor) = (member.user, member.read.cursor);
        let (expected, first) = recount(facts, member);
        let stored = counter::count(tx, chat.id, user, cursor, chat.tail.last_seq)?;
        findings.equal(
            Check::Counter,
            &format!("counter of user {user}"),
            stored,
            expected,
        );
        let standing = counter::find_standing(tx, chat.id, user, cursor, &chat.tail)?;
        findings.equal(
            Check::Counter,
            &format!("counter shown to user {user}"),
            standing.counter,
            expected,
        );
        findings.equal(
            Check::FirstUnread,
            &format!("first unread message of user {user}"),
            standing.first_unread,
            first.unwrap_or_default(),
        );
        people.note(
            user,
            Recount {
                chat: chat.id,
                counter: expected,
                flagged: member.read.unread_flag,
                muted: member.muted,
                hidden: is_hidden(facts, member),
                unlisted: chat.kind == ChatKind::Private && facts.messages.is_empty(),
            },
        );
    }
    Ok(())
}

/// What a list says about a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    counter: i64,
    flagged: bool,
    muted: bool,
}

impl From<&Recount> for Entry {
    fn from(recount: &Recount) -> Self {
        Self {
            counter: recount.counter,
            flagged: recount.flagged,
            muted: recount.muted,
        }
    }
}

/// Compares a user's totals and recent list with the recounts of the user's chats.
pub(super) fn check_user(
    tx: &mut dyn Tx,
    people: &People,
    user: UserId,
    drift: &mut Vec<Drift>,
) -> Result<(), StoreError> {
    let shown = || {
        people
            .recounts_of(user)
            .iter()
            .filter(|recount| !recount.hidden)
    };
    let totals = counter::list_totals(tx, user)?.into_iter().map(|row| {
        let entry = Entry {
            counter: row.counter,
            flagged: row.flagged,
            muted: row.muted,
        };
        (row.chat, entry)
    });
    let expected = shown().filter(|recount| recount.counter > 0 || recount.flagged);
    compare(Check::Totals, user, totals.collect(), expected, drift);
    let recent = recent::list(tx, user, &RecentFilter::ALL)?
        .into_iter()
        .map(|row| {
            let entry = Entry {
                counter: row.counter,
                flagged: row.member.read.unread_flag,
                muted: row.member.muted,
            };
            (row.chat.id, entry)
        });
    let expected = shown().filter(|recount| !recount.unlisted);
    compare(Check::Recent, user, recent.collect(), expected, drift);
    Ok(())
}

fn compare<'a>(
    check: Check,
    user: UserId,
    mut listed: BTreeMap<ChatId, Entry>,
    expected: impl Iterator<Item = &'a Recount>,
    drift: &mut Vec<Drift>,
) {
    let mut findings = Findings {
        of: format!("user {user}"),
        drift,
    };
    for recount in expected {
        let chat = recount.chat;
        match listed.remove(&chat) {
            None => findings.add(check, format_args!("chat {chat} is missing")),
            Some(entry) if entry != Entry::from(recount) => {
                let name = format!("counter of chat {chat}");
                if entry.counter == recount.counter {
                    findings.add(
                        check,
                        format_args!("chat {chat}: {entry:?} instead of {recount:?}"),
                    );
                } else {
                    findings.equal(check, &name, entry.counter, recount.counter);
                }
            }
            Some(_) => {}
        }
    }
    for chat in listed.keys() {
        findings.add(
            check,
            format_args!("chat {chat} is there but should not be"),
        );
    }
}
