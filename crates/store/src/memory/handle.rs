//! What a transaction of the writing thread sees of the memory.

use std::{collections::HashMap, sync::Arc};

use super::{
    overlay::{self, Overlay},
    published::{Memory, Placed},
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
}

impl Handle {
    /// A handle for the writing thread. Everything that was published is forgotten: it could have changed before the thread began.
    pub(crate) fn new(memory: Arc<Memory>) -> Self {
        memory.clear();
        Self {
            memory,
            batch: Overlay::default(),
            job: Overlay::default(),
            told: Tables::NONE,
        }
    }

    /// Whether everything known is compared with the database after each job.
    pub(crate) fn is_compared(&self) -> bool {
        self.memory.is_compared()
    }

    /// A fact, if it is known.
    pub(crate) fn find<F: Placed>(&self, key: F::Key) -> Option<F> {
        for overlay in [&self.job, &self.batch] {
            if let Some(slot) = F::layer(overlay).find(&key) {
                return slot.fact.clone();
            }
            if overlay.hides::<F>() {
                return None;
            }
        }
        self.memory.find(&key)
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

    /// The batch is durable.
    pub(crate) fn publish(&mut self) {
        self.memory.publish(&mut self.batch);
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
