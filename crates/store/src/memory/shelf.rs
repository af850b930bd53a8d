//! The published facts of one kind.

use std::{
    mem::size_of,
    sync::atomic::{AtomicU32, Ordering},
};

use indexmap::IndexMap;

use super::{fact::Fact, hasher::IdHashing};

/// The facts of one kind by their keys, with when each was last used.
pub(crate) struct Shelf<F: Fact> {
    entries: IndexMap<F::Key, Entry<F>, IdHashing>,
    bytes: usize,
}

struct Entry<F> {
    fact: F,
    used: AtomicU32,
}

impl<F: Fact> Default for Shelf<F> {
    fn default() -> Self {
        Self {
            entries: IndexMap::default(),
            bytes: 0,
        }
    }
}

impl<F: Fact> Shelf<F> {
    /// What an entry takes besides what its fact has elsewhere: the entry, its hash, its place in the table, and what a growing
    /// vector keeps free.
    const ENTRY: usize = (size_of::<(F::Key, Entry<F>)>() + 2 * size_of::<usize>()) * 3 / 2;

    fn cost(fact: &F) -> usize {
        Self::ENTRY + fact.heap()
    }

    /// A fact, which is used at `tick`.
    pub(super) fn find(&self, key: &F::Key, tick: u32) -> Option<&F> {
        let entry = self.entries.get(key)?;
        entry.used.store(tick, Ordering::Relaxed);
        Some(&entry.fact)
    }

    pub(super) fn insert(&mut self, key: F::Key, fact: F, tick: u32) {
        self.bytes += Self::cost(&fact);
        let used = AtomicU32::new(tick);
        if let Some(old) = self.entries.insert(key, Entry { fact, used }) {
            self.bytes -= Self::cost(&old.fact);
        }
    }

    pub(super) fn remove(&mut self, key: &F::Key) {
        if let Some(old) = self.entries.swap_remove(key) {
            self.bytes -= Self::cost(&old.fact);
        }
    }

    pub(super) fn clear(&mut self) {
        self.entries = IndexMap::default();
        self.bytes = 0;
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// For how many ticks before `now` the entry at a position was not used.
    pub(super) fn idle(&self, position: usize, now: u32) -> Option<u32> {
        let (_, entry) = self.entries.get_index(position)?;
        Some(now.wrapping_sub(entry.used.load(Ordering::Relaxed)))
    }

    pub(super) fn remove_at(&mut self, position: usize) {
        if let Some((_, old)) = self.entries.swap_remove_index(position) {
            self.bytes -= Self::cost(&old.fact);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&F::Key, &F)> {
        self.entries.iter().map(|(key, entry)| (key, &entry.fact))
    }
}
