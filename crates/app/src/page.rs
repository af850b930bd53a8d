//! Pages of lists that are put together whole, and shown in parts.

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many entries are passed over.
    pub offset: usize,
    /// At most so many.
    pub limit: usize,
}

impl Page {
    /// This part of a list.
    pub(crate) fn of<T>(self, list: impl IntoIterator<Item = T>) -> Vec<T> {
        list.into_iter()
            .skip(self.offset)
            .take(self.limit)
            .collect()
    }
}
