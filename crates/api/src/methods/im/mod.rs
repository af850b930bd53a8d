//! `im.*` and `im.v2.*`: chats, messages, read state, notifications and search, as users call them.

pub mod chat;
pub mod chat_param;
pub mod counters_get;
pub mod department;
pub mod dialog;
pub mod disk;
pub mod event;
pub mod file;
pub mod message;
pub mod notify;
pub mod other_names;
pub mod recent;
pub mod revision_get;
pub mod search;
pub mod user;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<revision_get::ImRevisionGet>(),
    Entry::of::<counters_get::ImCountersGet>(),
];
