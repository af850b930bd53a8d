//! What is published: the facts as of the last durable batch.

use std::{
    sync::{
        PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::Instant,
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

/// How long answers may come from memory alone after the last look for changes by other processes, in milliseconds.
const TRUSTED: u64 = 100;

/// The time of a look while nobody else can write.
const HELD: u64 = u64::MAX;

/// The published facts of a portal, as of a version of the database: the number of commits that this process has made, and of changes
/// by others that it has found.
///
/// A commit can be seen in the database a moment before it is published here. Who has seen it there says so
/// ([`Memory::note_seen`]), and until it is published nothing is answered from memory: what a client sees never goes back.
pub(crate) struct Memory {
    settings: HotMemory,
    /// Time, in publications.
    tick: AtomicU32,
    /// The version that the writing thread is committing, or has committed last.
    begun: AtomicU64,
    /// The newest version that a reader of the database can have seen.
    seen: AtomicU64,
    /// When the writing thread last knew that others had changed nothing, in milliseconds after `started`; [`HELD`] while nobody
    /// else can.
    looked_at: AtomicU64,
    /// How often the writing thread has looked.
    looks: AtomicU64,
    /// Whether the writing thread was asked to look again.
    asked: AtomicBool,
    started: Instant,
    state: RwLock<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) shelves: Shelves,
    /// The version that the facts are of.
    pub(super) version: u64,
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

            fn forget(&mut self, tables: Tables, version: u64) {
                $(
                    if (<$fact as Fact>::TABLES & tables).is_any() {
                        self.$field.forget(version);
                    }
                )+
            }

            /// Takes facts that were loaded from a version at or after `since`.
            fn offer(&mut self, overlay: &mut Overlay, since: u64, tick: u32) {
                $(
                    for (key, slot) in overlay.$field.drain() {
                        if let Some(fact) = slot.fact {
                            self.$field.offer(key, fact, since, tick);
                        }
                    }
                )+
            }

            fn apply(&mut self, overlay: &mut Overlay, version: u64, tick: u32) {
                self.forget(overlay.forgotten, version);
                overlay.forgotten = Tables::NONE;
                $(
                    for (key, slot) in overlay.$field.drain() {
                        if slot.changed {
                            self.$field.note_change(key, version);
                        }
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
            begun: AtomicU64::new(0),
            seen: AtomicU64::new(0),
            looked_at: AtomicU64::new(0),
            looks: AtomicU64::new(0),
            asked: AtomicBool::new(false),
            started: Instant::now(),
            state: RwLock::default(),
        }
    }

    /// Whether everything known is compared with the database after each job.
    pub(crate) fn is_compared(&self) -> bool {
        self.settings.compared
    }

    /// Whether anything is kept in it at all.
    pub(crate) fn keeps_anything(&self) -> bool {
        self.settings.bytes > 0
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tick(&self) -> u32 {
        self.tick.load(Ordering::Relaxed)
    }

    /// Calls `each` with every published fact of a kind.
    pub(super) fn each<F: Placed>(&self, mut each: impl FnMut(&F::Key, &F)) {
        for (key, fact) in F::shelf(&self.read().shelves).iter() {
            each(key, fact);
        }
    }

    /// The version of what is published.
    pub(crate) fn version(&self) -> u64 {
        self.read().version
    }

    /// The newest version that the database can have now.
    pub(crate) fn begun(&self) -> u64 {
        self.begun.load(Ordering::SeqCst)
    }

    /// A commit that changes something begins.
    pub(super) fn begin_commit(&self) {
        self.begun.fetch_add(1, Ordering::SeqCst);
    }

    /// A reader of the database may have seen this version.
    pub(crate) fn note_seen(&self, version: u64) {
        self.seen.fetch_max(version, Ordering::SeqCst);
    }

    /// The version that may be answered from without a look into the database, if any may.
    pub(crate) fn answers(&self) -> Option<u64> {
        if !self.is_trusted() {
            return None;
        }
        let version = self.version();
        (self.seen.load(Ordering::SeqCst) <= version).then_some(version)
    }

    /// Whether the writing thread has looked for changes by others a short time ago.
    pub(crate) fn is_trusted(&self) -> bool {
        let looked_at = self.looked_at.load(Ordering::Relaxed);
        self.now().saturating_sub(looked_at) < TRUSTED
    }

    /// Whether somebody has to make the writing thread look: `true` once until it has.
    pub(crate) fn ask_for_look(&self) -> bool {
        !self.asked.swap(true, Ordering::Relaxed)
    }

    /// The writing thread has looked for changes by others, who can make none until [`Memory::note_end`].
    pub(super) fn note_look(&self) {
        self.looked_at.store(HELD, Ordering::Relaxed);
        self.looks.fetch_add(1, Ordering::SeqCst);
        self.asked.store(false, Ordering::Relaxed);
    }

    /// How often the writing thread has looked.
    pub(crate) fn looks(&self) -> u64 {
        self.looks.load(Ordering::SeqCst)
    }

    /// The time, in milliseconds.
    pub(crate) fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(0)
    }

    /// Nobody has changed anything between the last look and this time.
    pub(crate) fn note_unchanged(&self, at: u64) {
        self.looked_at.fetch_max(at, Ordering::Relaxed);
    }

    /// From now on others can make changes again.
    pub(super) fn note_end(&self) {
        let now = self.now();
        let (set, fail) = (Ordering::Relaxed, Ordering::Relaxed);
        // Unless they could for some time already.
        self.looked_at.compare_exchange(HELD, now, set, fail).ok();
    }

    /// Publishes what a durable batch has loaded and changed, in one step.
    pub(super) fn publish(&self, batch: &mut Overlay) {
        let version = self.begun();
        let mut state = self.write();
        if !batch.has_any() {
            state.version = version;
            return;
        }
        let tick = self.tick.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        state.shelves.apply(batch, version, tick);
        state.version = version;
        state.shrink(self.settings.bytes, tick);
    }

    /// Takes what was loaded from the database between the versions `since` and `until`, as far as it is still so.
    pub(super) fn offer(&self, loaded: &mut Overlay, since: u64, until: u64) {
        if !loaded.has_any() {
            return;
        }
        let mut state = self.write();
        if until <= state.version {
            let tick = self.tick();
            state.shelves.offer(loaded, since, tick);
            state.shrink(self.settings.bytes, tick);
        }
        drop(state);
        loaded.clear();
    }

    /// Forgets everything: the database may have changed otherwise. What was loaded before is not taken any more. Answers whether
    /// anything was published.
    pub(super) fn clear(&self) -> bool {
        self.begin_commit();
        let version = self.begun();
        let mut state = self.write();
        let any = state.shelves.len() > 0;
        state.shelves.forget(Tables::ALL, version);
        state.version = version;
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
            let state = memory.read();
            let shelf = PrivateChat::shelf(&state.shelves);
            shelf
                .find(&(UserId(1), UserId(chat)), memory.tick())
                .is_some()
        };
        assert!((0..20).all(used));
        for round in 1..200 {
            memory.publish(&mut batch(round * 100..round * 100 + 5));
            assert!((0..5).all(used), "after round {round}");
        }
        let state = memory.read();
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
