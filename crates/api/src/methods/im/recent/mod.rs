//! `im.recent.*`: the list of recent chats.

pub mod get;
pub mod hide;
pub mod list;
pub mod pin;
pub mod unread;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<get::ImRecentGet>(),
    Entry::of::<hide::ImRecentHide>(),
    Entry::of::<list::ImRecentList>(),
    Entry::of::<pin::ImRecentPin>(),
    Entry::of::<unread::ImRecentUnread>(),
];
