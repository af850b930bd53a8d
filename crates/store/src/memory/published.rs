//! What is published: the facts as of the last durable batch.

use std::sync::{
    PoisonError, RwLock,
    atomic::{AtomicU32, Ordering},
};

use super::{
    fact::Fact,
    overlay::{Layered, Overlay},
    rows::with_kinds,
    shelf::Shelf,
    tables::Tables,
};
use crate::settings::HotMemory;

/// How many entries are looked at to evict the one that was not used for longest.
const SAMPLE: usize = 6;

/// The published facts of a portal.
pub(crate) struct Memory {
    settings: HotMemory,
    /// Time, in publications.
    tick: AtomicU32,
    state: RwLock<State>,
}

#[derive(Default)]
struct State {
    shelves: Shelves,
    /// The state of a generator of positions to look at.
    seed: u64,
}

/// A fact with its places.
pub(crate) trait Placed: Layered {
    fn shelf(shelves: &Shelves) -> &Shelf<Self>;
}

macro_rules! declare {
    ($($field:ident: $fact:ty),+ $(,)?) => {
        /// The published facts of every kind.
        #[derive(Default)]
        pub(crate) struct Shelves {
            $(pub(super) $field: Shelf<$fact>,)+
        }

        impl Shelves {
            fn len(&self) -> usize {
                0 $(+ self.$field.len())+
            }

            fn bytes(&self) -> usize {
                0 $(+ self.$field.bytes())+
            }

            fn forget(&mut self, tables: Tables) {
                $(
                    if (<$fact as Fact>::TABLES & tables).is_any() {
                        self.$field.clear();
                    }
                )+
            }

            fn apply(&mut self, overlay: &mut Overlay, tick: u32) {
                self.forget(overlay.forgotten);
                overlay.forgotten = Tables::NONE;
                $(
                    for (key, slot) in overlay.$field.drain() {
                        match slot.fact {
                            Some(fact) => self.$field.insert(key, fact, tick),
                            None => self.$field.remove(&key),
                        }
                    }
                )+
            }

            /// For how long the entry at a position among those of all kinds was not used.
            fn idle(&self, mut position: usize, now: u32) -> u32 {
                $(
                    if position < self.$field.len() {
                        return self.$field.idle(position, now).unwrap_or(0);
                    }
                    position -= self.$field.len();
                )+
                let _ = position;
                0
            }

            fn remove_at(&mut self, mut position: usize) {
                $(
                    if position < self.$field.len() {
                        return self.$field.remove_at(position);
                    }
                    position -= self.$field.len();
                )+
                let _ = position;
            }
        }

        $(
            impl Placed for $fact {
                fn shelf(shelves: &Shelves) -> &Shelf<Self> {
                    &shelves.$field
                }
            }
        )+
    };
}
with_kinds!(declare);

impl State {
    /// Evicts what was not used for longest, approximately, until at most `bytes` are taken.
    fn shrink(&mut self, bytes: usize, now: u32) {
        while self.shelves.bytes() > bytes {
            let entries = self.shelves.len();
            let mut oldest = (0, 0);
            for _ in 0..SAMPLE {
                // Steele and Vigna's SplitMix64, without its output function: the upper bits are good enough.
                self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mixed = (self.seed ^ self.seed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                let position = ((mixed >> 32) as usize) % entries;
                let idle = self.shelves.idle(position, now);
                if idle >= oldest.0 {
                    oldest = (idle, position);
                }
            }
            self.shelves.remove_at(oldest.1);
        }
    }
}

impl Memory {
    pub(crate) fn new(settings: HotMemory) -> Self {
        Self {
            settings,
            tick: AtomicU32::new(0),
            state: RwLock::default(),
        }
    }

    /// Whether everything known is compared with the database after each job.
    pub(crate) fn is_compared(&self) -> bool {
        self.settings.compared
    }

    pub(super) fn find<F: Placed>(&self, key: &F::Key) -> Option<F> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let tick = self.tick.load(Ordering::Relaxed);
        F::shelf(&state.shelves).find(key, tick).cloned()
    }

    /// Calls `each` with every published fact of a kind.
    pub(super) fn each<F: Placed>(&self, mut each: impl FnMut(&F::Key, &F)) {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        for (key, fact) in F::shelf(&state.shelves).iter() {
            each(key, fact);
        }
    }

    /// Publishes what a durable batch has loaded and changed, in one step.
    pub(super) fn publish(&self, batch: &mut Overlay) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let tick = self.tick.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        state.shelves.apply(batch, tick);
        state.shrink(self.settings.bytes, tick);
    }

    /// Forgets everything. Answers whether there was anything.
    pub(super) fn clear(&self) -> bool {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let any = state.shelves.len() > 0;
        state.shelves.forget(Tables::ALL);
        any
    }
}

#[cfg(test)]
mod tests {
    use readmark_model::{ChatId, UserId};

    use super::*;
    use crate::memory::rows::PrivateChat;

    fn batch(chats: impl Iterator<Item = i64>) -> Overlay {
        let mut batch = Overlay::default();
        for chat in chats {
            batch.keep((UserId(1), UserId(chat)), PrivateChat(ChatId(chat)));
        }
        batch
    }

    #[test]
    fn what_is_used_stays_and_the_rest_goes_where_there_is_no_room() {
        let memory = Memory::new(HotMemory {
            bytes: 16 << 10,
            compared: false,
        });
        memory.publish(&mut batch(0..20));
        let used = |chat| {
            memory
                .find::<PrivateChat>(&(UserId(1), UserId(chat)))
                .is_some()
        };
        assert!((0..20).all(used));
        for round in 1..200 {
            memory.publish(&mut batch(round * 100..round * 100 + 5));
            assert!((0..5).all(used), "after round {round}");
        }
        let state = memory.state.read().unwrap();
        assert!(state.shelves.bytes() <= 16 << 10);
        assert!(state.shelves.len() > 50);
        drop(state);
        assert!((5..20).filter(|chat| used(*chat)).count() < 8);
    }

    #[test]
    fn nothing_stays_in_a_memory_of_no_bytes() {
        let memory = Memory::new(HotMemory {
            bytes: 0,
            compared: false,
        });
        memory.publish(&mut batch(0..20));
        assert!(!memory.clear());
    }
}
