//! The rooms of an archive, as referred to by messages and their markup.

use std::collections::HashMap;

use readmark_app::import::Room;

/// All rooms, indexed by their position in the import.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) rooms: Vec<Room>,
    /// Where the messages of each room are.
    pub(super) folders: Vec<String>,
    pub(super) by_id: HashMap<String, usize>,
}

impl Places {
    /// A room and its title, by id.
    pub(super) fn find(&self, id: &str) -> Option<(usize, &str)> {
        let at = *self.by_id.get(id)?;
        Some((at, &self.rooms.get(at)?.title))
    }
}
