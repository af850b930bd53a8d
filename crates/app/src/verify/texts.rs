//! Words and mentions of a chat's texts and of their indexes, as loaded.
//!
//! The words themselves are not kept, but for each message, chat or user their number and the sum of their hashes, which
//! differ when the words do.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use readmark_model::{
    Seq, UserId,
    message::Message,
    text::{self, Mention},
};
use readmark_store::repo::audit::MentionRow;

/// An order-independent digest of words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) words: u64,
    pub(super) hashes: u64,
}

impl Sum {
    pub(super) fn of(text: &str) -> Self {
        let mut sum = Self::default();
        for word in text::search_words(text) {
            sum.add(&word);
        }
        sum
    }

    pub(super) fn add(&mut self, word: &str) {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        self.words += 1;
        self.hashes = self.hashes.wrapping_add(hasher.finish());
    }
}

/// The words of a chat's texts and of the index, by seq.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) by_seq: BTreeMap<Seq, (Sum, Sum)>,
}

impl Words {
    /// Adds the words of a text.
    pub(super) fn said(&mut self, seq: Seq, words: &[String]) {
        let (said, _) = self.by_seq.entry(seq).or_default();
        for word in words {
            said.add(word);
        }
    }

    /// Adds a word of the index.
    pub(super) fn stored(&mut self, seq: Seq, word: &str) {
        let (_, stored) = self.by_seq.entry(seq).or_default();
        stored.add(word);
    }
}

/// The mentions of a chat's texts, and those that are stored.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    pub(super) said: BTreeSet<MentionRow>,
    pub(super) stored: BTreeSet<MentionRow>,
}

impl Mentions {
    /// Adds the mentions of a message.
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

    /// Sets the stored mentions.
    pub(super) fn stored(&mut self, rows: Vec<MentionRow>) {
        self.stored.extend(rows);
    }
}
