//! The published facts of one kind.

use std::{
    collections::HashMap,
    mem::size_of,
    sync::atomic::{AtomicU32, Ordering},
};

use indexmap::IndexMap;

use super::{fact::Fact, hasher::IdHashing};

/// How many changed facts of a kind are remembered: more than are changed while a reader looks at one snapshot.
const MOST_CHANGED: usize = 1_024;

/// The facts of one kind by their keys, with when each was last used.
pub(crate) struct Shelf<F: Fact> {
    entries: IndexMap<F::Key, Entry<F>, IdHashing>,
    bytes: usize,
    /// The version in which each fact was changed last, as far as that was after `floor`.
    changed: HashMap<F::Key, u64, IdHashing>,
    /// Facts can have been changed in this version and before it without being in `changed`.
    floor: u64,
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
            changed: HashMap::default(),
            floor: 0,
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
        if entry.used.load(Ordering::Relaxed) != tick {
            entry.used.store(tick, Ordering::Relaxed);
        }
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

    /// Forgets everything, as anything can have changed in this version.
    pub(super) fn forget(&mut self, version: u64) {
        self.entries = IndexMap::default();
        self.bytes = 0;
        self.changed = HashMap::default();
        self.floor = version;
    }

    /// Notes that a fact was changed in this version.
    pub(super) fn note_change(&mut self, key: F::Key, version: u64) {
        if self.changed.len() >= MOST_CHANGED {
            self.changed.clear();
            self.floor = version;
        } else {
            self.changed.insert(key, version);
        }
    }

    /// Takes a fact that was loaded from a version at or after `since`, if it is missing and was not changed after that version.
    pub(super) fn offer(&mut self, key: F::Key, fact: F, since: u64, tick: u32) {
        let changed = self.changed.get(&key).copied().unwrap_or(self.floor);
        if changed <= since && self.floor <= since && !self.entries.contains_key(&key) {
            self.insert(key, fact, tick);
        }
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

#[cfg(test)]
mod tests {
    use readmark_model::{ChatId, UserId};

    use super::*;
    use crate::memory::rows::PrivateChat;

    const KEY: (UserId, UserId) = (UserId(1), UserId(2));

    fn offered(shelf: &mut Shelf<PrivateChat>, since: u64) -> bool {
        shelf.remove(&KEY);
        shelf.offer(KEY, PrivateChat(ChatId(5)), since, 0);
        shelf.find(&KEY, 0).is_some()
    }

    #[test]
    fn what_was_loaded_before_a_change_is_not_taken() {
        let mut shelf = Shelf::<PrivateChat>::default();
        assert!(offered(&mut shelf, 0));
        shelf.note_change(KEY, 7);
        assert!(!offered(&mut shelf, 6));
        assert!(offered(&mut shelf, 7));
        shelf.forget(9);
        assert!(!offered(&mut shelf, 8));
        assert!(offered(&mut shelf, 9));
    }

    #[test]
    fn a_change_that_is_no_longer_remembered_keeps_out_what_is_older() {
        let mut shelf = Shelf::<PrivateChat>::default();
        shelf.note_change(KEY, 1);
        for other in 0..MOST_CHANGED as i64 {
            shelf.note_change((UserId(9), UserId(other)), 2);
        }
        assert!(!offered(&mut shelf, 0));
        assert!(!offered(&mut shelf, 1));
        assert!(offered(&mut shelf, 2));
    }
}
