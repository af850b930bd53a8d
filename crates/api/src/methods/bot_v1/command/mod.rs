//! `imbot.command.*`: slash commands.

pub mod answer;
pub mod register;
pub mod unregister;
pub mod update;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<register::ImbotCommandRegister>(),
    Entry::of::<update::ImbotCommandUpdate>(),
    Entry::of::<unregister::ImbotCommandUnregister>(),
    Entry::of::<answer::ImbotCommandAnswer>(),
];
