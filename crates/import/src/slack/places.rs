//! The rooms of an archive, as messages and their markup name them.

use std::collections::HashMap;

use readmark_app::import::Room;

/// Every room, by the positions that the rest of the import means them by.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) rooms: Vec<Room>,
    /// Where the messages of each are.
    pub(super) folders: Vec<String>,
    pub(super) by_id: HashMap<String, usize>,
}

impl Places {
    /// A room by id, with its title.
    pub(super) fn find(&self, id: &str) -> Option<(usize, &str)> {
        let at = *self.by_id.get(id)?;
        Some((at, &self.rooms.get(at)?.title))
    }
}
