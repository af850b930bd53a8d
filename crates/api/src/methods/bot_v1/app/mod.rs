//! `imbot.app.*`: applications of the message field.

pub mod fields;
pub mod register;
pub mod unregister;
pub mod update;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<register::ImbotAppRegister>(),
    Entry::of::<update::ImbotAppUpdate>(),
    Entry::of::<unregister::ImbotAppUnregister>(),
];
