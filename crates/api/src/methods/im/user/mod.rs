//! `im.user.*`: people as the messenger shows them, and their status.

pub mod get;
pub mod list_get;
pub mod status_get;
pub mod status_idle_end;
pub mod status_idle_start;
pub mod status_set;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<get::ImUserGet>(),
    Entry::of::<list_get::ImUserListGet>(),
    Entry::of::<status_get::ImUserStatusGet>(),
    Entry::of::<status_set::ImUserStatusSet>(),
    Entry::of::<status_idle_start::ImUserStatusIdleStart>(),
    Entry::of::<status_idle_end::ImUserStatusIdleEnd>(),
];
