//! The bounds of read states (rules R1, R3, R5, R10).

use readmark_model::{Seq, member::Member};

use super::{
    Check, Findings,
    facts::{ChatFacts, People},
};

pub(super) fn bounds(facts: &ChatFacts, _: &People, findings: &mut Findings<'_>) {
    let last = facts.last_seq();
    for member in &facts.members {
        for what in wrong(member, last) {
            findings.add(
                Check::ReadState,
                format_args!("user {}: {what}", member.user),
            );
        }
    }
}

/// The violated bounds, in words.
fn wrong(member: &Member, last: Seq) -> Vec<String> {
    let read = &member.read;
    let within = |seq: Seq| (Seq::ZERO..=last).contains(&seq);
    let mut wrong = Vec::new();
    for (name, seq) in [
        ("cursor", Some(read.cursor)),
        ("viewed", Some(read.viewed)),
        ("mark", Some(read.marked)),
        ("hidden", member.hidden_seq),
    ] {
        if let Some(seq) = seq
            && !within(seq)
        {
            wrong.push(format!("{name} is {seq}, the last seq is {last}"));
        }
    }
    if !(Seq(1)..=last.next()).contains(&read.visible_from) {
        wrong.push(format!(
            "visible from {}, the last seq is {last}",
            read.visible_from
        ));
    }
    if read.cursor.next() < read.visible_from {
        wrong.push(format!(
            "cursor {} is before what is visible, from {} on",
            read.cursor, read.visible_from
        ));
    }
    if read.marked != Seq::ZERO && (read.marked <= read.cursor || read.marked < read.visible_from) {
        wrong.push(format!(
            "mark {} is not after cursor {} or not visible",
            read.marked, read.cursor
        ));
    }
    wrong
}
