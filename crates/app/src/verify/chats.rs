//! Checks of a chat's row against its messages and members.

use readmark_model::{ChatKind, MessageId, MessageKind, Role, Seq, UserId};

use super::{
    Check, Findings,
    facts::{ChatFacts, People, strangers},
};

/// The end of the chat.
pub(super) fn tail(facts: &ChatFacts, _: &People, findings: &mut Findings<'_>) {
    let stored = facts.chat.tail;
    let (last_id, last_seq) = facts
        .last()
        .map_or((MessageId::default(), Seq::ZERO), |last| {
            (last.id, last.seq)
        });
    for (name, stored, recounted) in [
        ("last_seq", stored.last_seq, facts.last_seq()),
        ("last_post_seq", stored.last_post_seq, facts.last_post_seq()),
        ("last_message_seq", stored.last_message_seq, last_seq),
    ] {
        findings.equal(Check::Tail, name, stored, recounted);
    }
    findings.equal(Check::Tail, "last_message_id", stored.last_message, last_id);
    last_activity(facts, findings);
}

/// The time of the last message. If that was deleted it is unknown, but not earlier than that of the message before.
fn last_activity(facts: &ChatFacts, findings: &mut Findings<'_>) {
    let stored = facts.chat.tail.last_activity_at;
    let name = "last_activity_at";
    match facts.last() {
        None if facts.last_seq() == Seq::ZERO => {
            findings.equal(Check::Tail, name, stored, facts.chat.created_at);
        }
        Some(last) if last.seq == facts.last_seq() => {
            findings.equal(Check::Tail, name, stored, last.created_at);
        }
        Some(last) if stored < last.created_at => {
            findings.equal(Check::Tail, name, stored, last.created_at);
        }
        _ => {}
    }
}

/// The numbers of messages and members.
pub(super) fn numbers(facts: &ChatFacts, people: &People, findings: &mut Findings<'_>) {
    let extranet = facts
        .members
        .iter()
        .filter(|member| people.is_extranet(member.user));
    let (chat, count) = (&facts.chat, |number: usize| {
        i64::try_from(number).unwrap_or(i64::MAX)
    });
    for (check, name, stored, recounted) in [
        (
            Check::MessageCount,
            "message_count",
            chat.message_count,
            facts.messages.len(),
        ),
        (
            Check::MemberCount,
            "member_count",
            chat.member_count,
            facts.members.len(),
        ),
        (
            Check::ExtranetCount,
            "extranet_count",
            chat.extranet_count,
            extranet.count(),
        ),
    ] {
        findings.equal(check, name, stored, count(recounted));
    }
}

/// Seqs begin with 1; ids and times grow with them.
pub(super) fn order(facts: &ChatFacts, _: &People, findings: &mut Findings<'_>) {
    if let Some(first) = facts.messages.first()
        && first.seq < Seq(1)
    {
        findings.add(
            Check::Order,
            format_args!("message {} has seq {}", first.id, first.seq),
        );
    }
    for pair in facts.messages.windows(2) {
        let [before, after] = pair else { continue };
        if after.id <= before.id {
            let what = format_args!("message {} comes after message {}", after.id, before.id);
            findings.add(Check::Order, what);
        }
        if after.created_at < before.created_at {
            let what = format_args!(
                "message {} is older than message {} before it",
                after.id, before.id
            );
            findings.add(Check::Order, what);
        }
    }
}

/// The uncounted seqs are those of notices and deleted messages.
pub(super) fn uncounted(facts: &ChatFacts, _: &People, findings: &mut Findings<'_>) {
    let mut stored = facts.uncounted.iter().copied().peekable();
    let mut messages = facts.messages.iter().peekable();
    let last = facts.chat.tail.last_seq.max(facts.last_seq());
    while stored.next_if(|seq| *seq < Seq(1)).is_some() {
        findings.add(
            Check::Uncounted,
            "a seq before the first is among the uncounted",
        );
    }
    while messages.next_if(|message| message.seq < Seq(1)).is_some() {}
    let mut seq = Seq(1);
    while seq <= last {
        let counts = messages
            .next_if(|message| message.seq == seq)
            .is_some_and(|message| message.kind != MessageKind::Notice);
        let is_stored = stored.next_if_eq(&seq).is_some();
        if counts && is_stored {
            findings.add(
                Check::Uncounted,
                format_args!("seq {seq} counts but is among the uncounted"),
            );
        } else if !counts && !is_stored {
            findings.add(
                Check::Uncounted,
                format_args!("seq {seq} does not count but is not among the uncounted"),
            );
        }
        seq = seq.next();
    }
}

/// Authors exist, and tombstones are empty.
pub(super) fn authors(facts: &ChatFacts, people: &People, findings: &mut Findings<'_>) {
    for message in &facts.messages {
        if !people.exist(message.author) {
            let what = format_args!(
                "message {} is by user {}, who does not exist",
                message.id, message.author
            );
            findings.add(Check::Author, what);
        }
        if message.speaks_from_grave {
            findings.add(
                Check::Tombstone,
                format_args!("the tombstone {} has a text", message.id),
            );
        }
    }
}

/// Members and owner.
pub(super) fn owner(facts: &ChatFacts, people: &People, findings: &mut Findings<'_>) {
    for user in strangers(facts.members.iter().map(|member| member.user), people) {
        findings.add(
            Check::Member,
            format_args!("user {user} is a member but does not exist"),
        );
    }
    if facts.chat.kind == ChatKind::Private || facts.chat.pair.is_some() {
        private(facts, findings);
        return;
    }
    let owner = facts.chat.owner;
    let owners = facts
        .members
        .iter()
        .filter(|member| member.role == Role::Owner);
    let owners: Vec<UserId> = owners.map(|member| member.user).collect();
    if owners != [owner] && !facts.members.is_empty() {
        let what = format_args!("the owner is user {owner}, members with that role are {owners:?}");
        findings.add(Check::Owner, what);
    }
}

fn private(facts: &ChatFacts, findings: &mut Findings<'_>) {
    let Some((low, high)) = facts.chat.pair else {
        findings.add(Check::PrivateChat, "it is private but has no two users");
        return;
    };
    if facts.chat.kind != ChatKind::Private || low > high {
        findings.add(
            Check::PrivateChat,
            format_args!("users {low} and {high} make no private chat"),
        );
    }
    let mut expected = vec![low, high];
    expected.dedup();
    let members: Vec<UserId> = facts.members.iter().map(|member| member.user).collect();
    // The private chats of an unregistered bot lose both members.
    if members != expected && !members.is_empty() {
        findings.add(
            Check::PrivateChat,
            format_args!("its users are {expected:?}, its members {members:?}"),
        );
    }
}
