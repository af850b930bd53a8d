//! Facts that are not published yet: what a job, or a batch of jobs, has loaded and changed.

use std::collections::{HashMap, hash_map::Entry};

use super::{fact::Fact, hasher::IdHashing, rows::with_kinds, tables::Tables};

/// The greatest number of facts of a kind that are remembered because they were loaded.
const MOST_LOADED: usize = 16_384;

/// The greatest number of facts of a kind that are remembered because they were changed. Beyond it, all of the kind are forgotten.
const MOST_CHANGED: usize = 65_536;

/// The facts of one kind that are not published yet.
pub(crate) struct Layer<F: Fact> {
    slots: HashMap<F::Key, Slot<F>, IdHashing>,
}

/// A fact, or that none is known any more.
#[derive(Clone, Debug)]
pub(super) struct Slot<F> {
    pub(super) fact: Option<F>,
    /// Whether it differs from what is below, and not only was not known there.
    pub(super) changed: bool,
}

impl<F: Fact> Default for Layer<F> {
    fn default() -> Self {
        Self {
            slots: HashMap::default(),
        }
    }
}

impl<F: Fact> Layer<F> {
    pub(super) fn find(&self, key: &F::Key) -> Option<&Slot<F>> {
        self.slots.get(key)
    }

    /// Remembers what was loaded.
    fn keep(&mut self, key: F::Key, fact: F) {
        let full = self.slots.len() >= MOST_LOADED;
        match self.slots.entry(key) {
            Entry::Occupied(mut slot) => slot.get_mut().fact = Some(fact),
            Entry::Vacant(free) if !full => {
                free.insert(Slot {
                    fact: Some(fact),
                    changed: false,
                });
            }
            Entry::Vacant(_) => {}
        }
    }

    /// Remembers what was changed, or that nothing is known any more.
    fn set(&mut self, key: F::Key, fact: Option<F>) {
        let changed = true;
        self.slots.insert(key, Slot { fact, changed });
    }

    fn has_any(&self) -> bool {
        !self.slots.is_empty()
    }

    pub(super) fn drain(&mut self) -> impl Iterator<Item = (F::Key, Slot<F>)> {
        self.slots.drain()
    }

    fn merge(&mut self, upper: &mut Self) {
        for (key, slot) in upper.slots.drain() {
            if slot.changed {
                self.slots.insert(key, slot);
            } else if let Some(fact) = slot.fact {
                self.keep(key, fact);
            }
        }
    }
}

/// A fact with its place in an overlay.
pub(crate) trait Layered: Fact {
    fn layer(overlay: &Overlay) -> &Layer<Self>;
    fn layer_mut(overlay: &mut Overlay) -> &mut Layer<Self>;
}

macro_rules! declare {
    ($($field:ident: $fact:ty),+ $(,)?) => {
        /// Facts over those that are below.
        #[derive(Default)]
        pub(crate) struct Overlay {
            /// The tables of which nothing below is known any more.
            pub(super) forgotten: Tables,
            $(pub(super) $field: Layer<$fact>,)+
        }

        impl Overlay {
            /// Forgets everything that is made of these tables, here and below.
            pub(super) fn forget(&mut self, tables: Tables) {
                self.forgotten |= tables;
                $(
                    if (<$fact as Fact>::TABLES & tables).is_any() {
                        self.$field.slots.clear();
                    }
                )+
            }

            /// Whether there is anything in it.
            pub(super) fn has_any(&self) -> bool {
                self.forgotten.is_any() $(|| self.$field.has_any())+
            }

            /// Throws everything away.
            pub(super) fn clear(&mut self) {
                self.forgotten = Tables::NONE;
                $(self.$field.slots.clear();)+
            }

            /// Takes over everything of the overlay above, which is empty then.
            pub(super) fn absorb(&mut self, upper: &mut Self) {
                self.forget(upper.forgotten);
                upper.forgotten = Tables::NONE;
                $(self.$field.merge(&mut upper.$field);)+
            }
        }

        $(
            impl Layered for $fact {
                fn layer(overlay: &Overlay) -> &Layer<Self> {
                    &overlay.$field
                }
                fn layer_mut(overlay: &mut Overlay) -> &mut Layer<Self> {
                    &mut overlay.$field
                }
            }
        )+
    };
}
with_kinds!(declare);

impl Overlay {
    pub(super) fn keep<F: Layered>(&mut self, key: F::Key, fact: F) {
        F::layer_mut(self).keep(key, fact);
    }

    pub(super) fn set<F: Layered>(&mut self, key: F::Key, fact: Option<F>) {
        let layer = F::layer_mut(self);
        layer.set(key, fact);
        if layer.slots.len() > MOST_CHANGED {
            self.forget(F::TABLES);
        }
    }

    /// Whether nothing of this kind is known below.
    pub(super) fn hides<F: Layered>(&self) -> bool {
        (self.forgotten & F::TABLES).is_any()
    }
}

/// Changes what is known to what a layer says.
pub(super) fn lay_over<F: Fact>(known: &mut HashMap<F::Key, F>, layer: &Layer<F>) {
    for (key, slot) in &layer.slots {
        match &slot.fact {
            Some(fact) => known.insert(*key, fact.clone()),
            None => known.remove(key),
        };
    }
}
