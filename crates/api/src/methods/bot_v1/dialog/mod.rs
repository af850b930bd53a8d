//! `imbot.dialog.*`.

pub mod get;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[Entry::of::<get::ImbotDialogGet>()];
