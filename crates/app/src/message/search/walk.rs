//! Walking the word index from one message with all terms to the next.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use readmark_model::{ChatId, Seq};
use readmark_store::{
    StoreError, Tx,
    repo::word::{self, Direction},
};

/// The most words that may begin with a term for its words to be followed one by one.
const MAX_WORDS_OF_TERM: usize = 1024;

/// The most index entries read at once for a term with more words. With even more entries, most messages have the term, and
/// scanning the messages is cheaper.
const MAX_ENTRIES_OF_TERM: usize = 50_000;

/// How many seqs of a common word are read at once.
const READ_AHEAD: i64 = 64;

/// Finds the messages of a chat that have for each term a word that begins with it.
///
/// Each term knows its next message, and the others jump to the furthest of these, so that the rarest term sets the pace and
/// messages between its own are skipped.
pub(super) struct Walk {
    chat: ChatId,
    direction: Direction,
    terms: Vec<Cursor>,
}

impl Walk {
    /// Begins at `start`. `None` when no term can be looked up in the index; those that cannot are returned separately.
    pub(super) fn start<'a>(
        tx: &mut dyn Tx,
        chat: ChatId,
        terms: &'a [String],
        start: Seq,
        direction: Direction,
    ) -> Result<(Option<Self>, Vec<&'a str>), StoreError> {
        let (mut cursors, mut others) = (Vec::new(), Vec::new());
        for term in terms {
            match Cursor::start(tx, chat, term, start, direction)? {
                Some(cursor) => cursors.push(cursor),
                None => others.push(term.as_str()),
            }
        }
        let walk = (!cursors.is_empty()).then_some(Self {
            chat,
            direction,
            terms: cursors,
        });
        Ok((walk, others))
    }

    /// The first message from `at` on that has all terms. `at` must not go back between calls.
    pub(super) fn next(&mut self, tx: &mut dyn Tx, at: Seq) -> Result<Option<Seq>, StoreError> {
        let mut at = at;
        loop {
            let before = at;
            for term in &mut self.terms {
                match term.seek(tx, self.chat, self.direction, at)? {
                    Some(seq) => at = seq,
                    None => return Ok(None),
                }
            }
            if at == before {
                return Ok(Some(at));
            }
        }
    }
}

/// The messages of one term: those of all words that begin with it, merged.
struct Cursor {
    words: Vec<Word>,
    /// The next message of each word that has one left, the first in search order on top.
    next: BinaryHeap<(Rank, usize)>,
}

/// A message's rank in search order: greater comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank(i64);

impl Rank {
    fn of(seq: Seq, direction: Direction) -> Self {
        Self(match direction {
            Direction::Backward => seq.get(),
            Direction::Forward => -seq.get(),
        })
    }

    fn seq(self, direction: Direction) -> Seq {
        Seq(match direction {
            Direction::Backward => self.0,
            Direction::Forward => -self.0,
        })
    }
}

impl Cursor {
    fn start(
        tx: &mut dyn Tx,
        chat: ChatId,
        term: &str,
        start: Seq,
        direction: Direction,
    ) -> Result<Option<Self>, StoreError> {
        let limit = MAX_WORDS_OF_TERM as i64 + 1;
        let found = word::list_beginning_with(tx, chat, term, start, direction, limit)?;
        if found.len() > MAX_WORDS_OF_TERM {
            return Self::start_wide(tx, chat, term, direction);
        }
        let mut cursor = Self {
            words: Vec::new(),
            next: BinaryHeap::new(),
        };
        for (text, first) in found {
            if let Some(first) = first {
                cursor.add(Some(text), VecDeque::from([first]), direction);
            }
        }
        Ok(Some(cursor))
    }

    /// The messages of a term with very many words, read at once; `None` when they are too many as well.
    fn start_wide(
        tx: &mut dyn Tx,
        chat: ChatId,
        term: &str,
        direction: Direction,
    ) -> Result<Option<Self>, StoreError> {
        let limit = MAX_ENTRIES_OF_TERM as i64 + 1;
        let mut seqs = word::list_seqs_beginning_with(tx, chat, term, limit)?;
        if seqs.len() > MAX_ENTRIES_OF_TERM {
            return Ok(None);
        }
        seqs.sort_unstable_by_key(|seq| Reverse(Rank::of(*seq, direction)));
        let mut cursor = Self {
            words: Vec::new(),
            next: BinaryHeap::new(),
        };
        cursor.add(None, seqs.into(), direction);
        Ok(Some(cursor))
    }

    fn add(&mut self, text: Option<String>, ahead: VecDeque<Seq>, direction: Direction) {
        let first = ahead.front().map(|seq| Rank::of(*seq, direction));
        self.next.extend(first.map(|rank| (rank, self.words.len())));
        self.words.push(Word { text, ahead });
    }

    /// The first message of the term from `at` on.
    fn seek(
        &mut self,
        tx: &mut dyn Tx,
        chat: ChatId,
        direction: Direction,
        at: Seq,
    ) -> Result<Option<Seq>, StoreError> {
        let target = Rank::of(at, direction);
        while let Some(&(rank, index)) = self.next.peek() {
            if rank <= target {
                return Ok(Some(rank.seq(direction)));
            }
            self.next.pop();
            let next = self.words[index].seek(tx, chat, direction, at)?;
            self.next
                .extend(next.map(|seq| (Rank::of(seq, direction), index)));
        }
        Ok(None)
    }
}

/// One word, with its messages read so far.
struct Word {
    /// `None` once all its messages are read.
    text: Option<String>,
    ahead: VecDeque<Seq>,
}

impl Word {
    fn seek(
        &mut self,
        tx: &mut dyn Tx,
        chat: ChatId,
        direction: Direction,
        at: Seq,
    ) -> Result<Option<Seq>, StoreError> {
        let target = Rank::of(at, direction);
        while let Some(&seq) = self.ahead.front() {
            if Rank::of(seq, direction) <= target {
                return Ok(Some(seq));
            }
            self.ahead.pop_front();
        }
        if let Some(text) = &self.text {
            self.ahead = word::list_seqs(tx, chat, text, at, direction, READ_AHEAD)?.into();
        }
        Ok(self.ahead.front().copied())
    }
}
