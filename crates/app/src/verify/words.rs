//! The index of words: it has those of the messages up to the seq that the chat tells, and at most so many wait as the
//! program lets.
//!
//! Neither the words of all texts nor those of the index are kept: of each message their number and the sum of their hashes
//! are, which differ when the words do.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use readmark_model::Seq;

use super::{
    Check, Findings,
    facts::{ChatFacts, People},
};
use crate::message::words::BATCH;

/// Words in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    words: u64,
    hashes: u64,
}

impl Sum {
    fn add(&mut self, word: &str) {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        self.words += 1;
        self.hashes = self.hashes.wrapping_add(hasher.finish());
    }
}

/// The words of a chat's texts and of the index, by seq.
#[derive(Debug, Default)]
pub(super) struct Words {
    by_seq: BTreeMap<Seq, (Sum, Sum)>,
}

impl Words {
    /// A text has these words.
    pub(super) fn said(&mut self, seq: Seq, words: &[String]) {
        let (said, _) = self.by_seq.entry(seq).or_default();
        for word in words {
            said.add(word);
        }
    }

    /// The index has this word.
    pub(super) fn stored(&mut self, seq: Seq, word: &str) {
        let (_, stored) = self.by_seq.entry(seq).or_default();
        stored.add(word);
    }
}

/// Every text that is indexed is found by its words, and nothing by others.
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
}
