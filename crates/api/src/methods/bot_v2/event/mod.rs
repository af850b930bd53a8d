//! `imbot.v2.Event.*`: the events that a bot fetches.

pub mod get;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[Entry::of::<get::ImbotV2EventGet>()];
