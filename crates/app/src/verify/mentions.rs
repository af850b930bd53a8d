//! Mentions against the texts.

use readmark_store::repo::audit::MentionRow;

use super::{
    Check, Findings,
    facts::{ChatFacts, People},
    texts::Mentions,
};

/// Every mention is stored, and nothing else is.
pub(super) fn compare(facts: &ChatFacts, _: &People, findings: &mut Findings<'_>) {
    let Mentions { said, stored } = &facts.mentions;
    for row in said.difference(stored) {
        let what = format_args!(
            "message {} mentions {}, not stored",
            row.message,
            named(row)
        );
        findings.add(Check::Mention, what);
    }
    for row in stored.difference(said) {
        let what = format_args!("message {} does not mention {}", row.message, named(row));
        findings.add(Check::Mention, what);
    }
}

fn named(row: &MentionRow) -> String {
    match (row.of_chat, row.mentioned) {
        (true, chat) => format!("chat {chat}"),
        (false, 0) => "everybody".to_owned(),
        (false, user) => format!("user {user}"),
    }
}
