//! `user.*`: the people of the portal.

pub mod access;
pub mod add;
pub mod admin;
pub mod current;
pub mod fields;
pub mod get;
pub mod search;
pub mod update;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<admin::UserAdmin>(),
    Entry::of::<access::UserAccess>(),
    Entry::of::<current::UserCurrent>(),
    Entry::of::<get::UserGet>(),
    Entry::of::<search::UserSearch>(),
    Entry::of::<fields::UserFields>(),
    Entry::of::<add::UserAdd>(),
    Entry::of::<update::UserUpdate>(),
];
