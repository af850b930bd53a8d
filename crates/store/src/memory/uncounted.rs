//! The seqs of a chat that never count.

use std::{mem::size_of, sync::Arc};

use readmark_model::{ChatId, Seq};

use super::{fact::Fact, tables::Tables};

/// The uncounted seqs at the end of a chat: of notices, and of messages that were deleted completely (rule R2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Uncounted {
    /// Every uncounted seq after it is in the list.
    after: Seq,
    /// Ascending.
    seqs: Arc<Vec<Seq>>,
}

impl Uncounted {
    /// How many are loaded.
    pub(crate) const LOADED: usize = 256;
    /// How many it has at most.
    const MOST: usize = 512;

    /// What was loaded: up to [`Uncounted::LOADED`] and one seqs, the greatest first.
    pub(crate) fn of_greatest(mut greatest: Vec<Seq>) -> Self {
        let after = if greatest.len() > Self::LOADED {
            greatest.pop().unwrap_or(Seq::ZERO)
        } else {
            Seq::ZERO
        };
        greatest.reverse();
        Self {
            after,
            seqs: Arc::new(greatest),
        }
    }

    /// Adds a seq. One that is there already, or before everything that is known, changes nothing.
    pub(crate) fn add(&mut self, seq: Seq) {
        if seq <= self.after {
            return;
        }
        let Err(place) = self.seqs.binary_search(&seq) else {
            return;
        };
        let seqs = Arc::make_mut(&mut self.seqs);
        seqs.insert(place, seq);
        if seqs.len() > Self::MOST {
            let gone = seqs.len() - Self::LOADED;
            self.after = seqs[gone - 1];
            seqs.drain(..gone);
        }
    }

    /// The number of uncounted seqs after a cursor; `None` when that is not known.
    pub(crate) fn count_after(&self, cursor: Seq) -> Option<i64> {
        (cursor >= self.after).then(|| self.from(cursor).len() as i64)
    }

    fn from(&self, cursor: Seq) -> &[Seq] {
        &self.seqs[self.seqs.partition_point(|seq| *seq <= cursor)..]
    }
}

impl Fact for Uncounted {
    type Key = ChatId;
    const TABLES: Tables = Tables::UNCOUNTED;

    fn heap(&self) -> usize {
        self.seqs.capacity() * size_of::<Seq>() + size_of::<Vec<Seq>>()
    }

    /// They can be known from further back, or from less far back, than they are loaded.
    fn agrees_with(&self, loaded: &Self) -> bool {
        let after = self.after.max(loaded.after);
        self.from(after) == loaded.from(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_before_the_known_end_is_not_counted() {
        let most = Uncounted::LOADED as i64;
        let mut known = Uncounted::of_greatest((0..=most).rev().map(|n| Seq(10 + n)).collect());
        assert_eq!(known.count_after(Seq(9)), None);
        assert_eq!(known.count_after(Seq(10)), Some(most));
        assert_eq!(known.count_after(Seq(10 + most)), Some(0));
        known.add(Seq(5));
        known.add(Seq(10 + most));
        assert_eq!(known.count_after(Seq(10)), Some(most));
        for seq in 1000..2000 {
            known.add(Seq(seq));
            assert!(known.seqs.len() <= Uncounted::MOST);
            assert_eq!(known.count_after(Seq(seq - 1)), Some(1));
        }
        assert_eq!(known.count_after(Seq(10)), None);
    }

    #[test]
    fn a_seq_before_others_has_its_place() {
        let mut known = Uncounted::of_greatest(vec![Seq(9), Seq(3)]);
        known.add(Seq(5));
        assert_eq!(known.count_after(Seq::ZERO), Some(3));
        assert_eq!(known.count_after(Seq(3)), Some(2));
        assert_eq!(known.count_after(Seq(5)), Some(1));
    }
}
