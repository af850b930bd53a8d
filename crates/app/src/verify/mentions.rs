//! Who and what the texts mention.

use std::collections::BTreeSet;

use readmark_model::{
    UserId,
    message::Message,
    text::{self, Mention},
};
use readmark_store::repo::audit::MentionRow;

use super::{
    Check, Findings,
    facts::{ChatFacts, People},
};

/// The mentions of a chat's texts, and those that are stored.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    said: BTreeSet<MentionRow>,
    stored: BTreeSet<MentionRow>,
}

impl Mentions {
    /// A message that exists and says something.
    pub(super) fn said(&mut self, message: &Message) {
        for mention in text::mentions(&message.text) {
            let (of_chat, mentioned, author) = match mention {
                Mention::User(user) => (false, user.get(), message.author),
                Mention::All => (false, 0, message.author),
                Mention::Chat(chat) => (true, chat.get(), UserId(0)),
            };
            self.said.insert(MentionRow {
                of_chat,
                mentioned,
                seq: message.seq,
                message: message.id,
                author,
            });
        }
    }

    /// What is stored.
    pub(super) fn stored(&mut self, rows: Vec<MentionRow>) {
        self.stored.extend(rows);
    }
}

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
