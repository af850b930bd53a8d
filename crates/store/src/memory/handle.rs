//! What a transaction sees of the memory.

use std::{collections::HashMap, sync::Arc};

use super::{
    overlay::{self, Overlay},
    published::{Memory, Placed, Shelves},
    tables::Tables,
};

/// The memory as a transaction sees it: what its job has loaded and changed, over what earlier jobs of the batch have, over what is
/// published.
pub struct Handle {
    memory: Arc<Memory>,
    batch: Overlay,
    job: Overlay,
    /// The tables whose changes by the next statement are told.
    told: Tables,
    scope: Scope,
}

/// Whose handle it is.
enum Scope {
    /// The writing thread: what is published is as its transaction sees it.
    Writer,
    /// A transaction that only reads: what is published is as it sees it while this is its version, if ever.
    Snapshot(Option<u64>),
}

/// What a transaction sees, while nothing is published.
pub(crate) struct View<'a> {
    overlays: [&'a Overlay; 2],
    published: Option<&'a Shelves>,
    tick: u32,
}

impl View<'_> {
    /// A fact, if it is known.
    pub(crate) fn find<F: Placed>(&self, key: &F::Key) -> Option<&F> {
        for overlay in self.overlays {
            if let Some(slot) = F::layer(overlay).find(key) {
                return slot.fact.as_ref();
            }
            if overlay.hides::<F>() {
                return None;
            }
        }
        F::shelf(self.published?).find(key, self.tick)
    }
}

impl Handle {
    /// A handle for the writing thread. Everything that was published is forgotten: it could have changed before the thread began.
    pub(crate) fn new(memory: Arc<Memory>) -> Self {
        memory.clear();
        Self::with_scope(memory, Scope::Writer)
    }

    /// A handle for a transaction that only reads, and sees this version of the database; `None` when it is not known which.
    pub(crate) fn of_snapshot(memory: Arc<Memory>, version: Option<u64>) -> Self {
        Self::with_scope(memory, Scope::Snapshot(version))
    }

    fn with_scope(memory: Arc<Memory>, scope: Scope) -> Self {
        Self {
            memory,
            batch: Overlay::default(),
            job: Overlay::default(),
            told: Tables::NONE,
            scope,
        }
    }

    /// Whether everything known is compared with the database after each job.
    pub(crate) fn is_compared(&self) -> bool {
        self.memory.is_compared()
    }

    /// Looks up several facts at once. Nothing is published meanwhile, so `look` should be quick.
    pub(crate) fn view<T>(&self, look: impl FnOnce(&View<'_>) -> T) -> T {
        let state = self.memory.read();
        let current = match self.scope {
            Scope::Writer => true,
            Scope::Snapshot(version) => version == Some(state.version),
        };
        look(&View {
            overlays: [&self.job, &self.batch],
            published: current.then_some(&state.shelves),
            tick: self.memory.tick(),
        })
    }

    /// A fact, if it is known.
    pub(crate) fn find<F: Placed>(&self, key: F::Key) -> Option<F> {
        self.view(|view| view.find::<F>(&key).cloned())
    }

    /// Remembers a fact that was loaded in this transaction.
    pub(crate) fn keep<F: Placed>(&mut self, key: F::Key, fact: F) {
        self.job.keep(key, fact);
    }

    /// Tells that the statement before changed a fact in this way.
    pub(crate) fn change<F: Placed>(&mut self, key: F::Key, change: impl FnOnce(&mut F)) {
        let mut fact = self.find::<F>(key);
        if let Some(fact) = &mut fact {
            change(fact);
        }
        self.job.set(key, fact);
    }

    /// The same, where `revise` answers whether the fact is known afterwards.
    pub(crate) fn revise<F: Placed>(&mut self, key: F::Key, revise: impl FnOnce(&mut F) -> bool) {
        let mut fact = self.find::<F>(key);
        let known = fact.as_mut().is_some_and(revise);
        self.job.set(key, fact.filter(|_| known));
    }

    /// Tells that the statement before changed a fact, which nobody knows until it is loaded again.
    pub(crate) fn forget<F: Placed>(&mut self, key: F::Key) {
        self.job.set::<F>(key, None);
    }

    /// Announces that all that the next statement that writes changes in these tables is told. Otherwise everything that is made of a
    /// table that it changes is forgotten.
    pub(crate) fn tell(&mut self, tables: Tables) {
        self.told = tables;
    }

    /// A statement has changed these tables.
    pub(crate) fn wrote(&mut self, tables: Tables) {
        let untold = tables & !std::mem::take(&mut self.told);
        if untold.is_any() {
            self.job.forget(untold);
        }
    }

    /// The job's changes are kept.
    pub(crate) fn keep_job(&mut self) {
        self.batch.absorb(&mut self.job);
        self.told = Tables::NONE;
    }

    /// The job was undone.
    pub(crate) fn drop_job(&mut self) {
        self.job.clear();
        self.told = Tables::NONE;
    }

    /// The whole batch was undone.
    pub(crate) fn drop_batch(&mut self) {
        self.drop_job();
        self.batch.clear();
    }

    /// The writing thread begins to commit changes.
    pub(crate) fn begin_commit(&self) {
        self.memory.begin_commit();
    }

    /// The batch is durable.
    pub(crate) fn publish(&mut self) {
        self.memory.publish(&mut self.batch);
    }

    /// Offers what was loaded from the database between two versions to others.
    pub(crate) fn offer(&mut self, since: u64, until: u64) {
        self.memory.offer(&mut self.job, since, until);
    }

    /// Other processes have changed nothing, or everything was forgotten, and they can change nothing until [`Handle::note_end`].
    pub(crate) fn note_look(&self) {
        self.memory.note_look();
    }

    /// Other processes can change something again.
    pub(crate) fn note_end(&self) {
        self.memory.note_end();
    }

    /// Forgets everything: the database may have changed otherwise. Answers whether anything was published.
    pub(crate) fn forget_everything(&mut self) -> bool {
        self.drop_batch();
        self.memory.clear()
    }

    /// Everything of a kind that this transaction knows.
    pub(crate) fn known<F: Placed>(&self) -> Vec<(F::Key, F)> {
        let mut known: HashMap<F::Key, F> = HashMap::new();
        if !self.job.hides::<F>() {
            if !self.batch.hides::<F>() {
                self.memory.each::<F>(|key, fact| {
                    known.insert(*key, fact.clone());
                });
            }
            overlay::lay_over(&mut known, F::layer(&self.batch));
        }
        overlay::lay_over(&mut known, F::layer(&self.job));
        known.into_iter().collect()
    }
}
