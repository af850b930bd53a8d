//! What a fact is.

use std::{fmt::Debug, hash::Hash};

use super::tables::Tables;

/// Something that is known about a portal: a row, or what is derived from rows. Cheap to clone.
pub(crate) trait Fact: Clone + Debug + PartialEq + Send + Sync + 'static {
    /// By what it is found.
    type Key: Copy + Debug + Eq + Hash + Send + Sync + 'static;
    /// The tables that it is made of.
    const TABLES: Tables;

    /// The bytes that it takes elsewhere.
    fn heap(&self) -> usize {
        0
    }

    /// Whether what is known is what was loaded now, as far as both go.
    fn agrees_with(&self, loaded: &Self) -> bool {
        self == loaded
    }
}
