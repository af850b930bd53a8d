//! `imbot.v2.Command.*`: slash commands.

pub mod answer;
pub mod list;
pub mod register;
pub mod unregister;
pub mod update;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<register::ImbotV2CommandRegister>(),
    Entry::of::<list::ImbotV2CommandList>(),
    Entry::of::<update::ImbotV2CommandUpdate>(),
    Entry::of::<unregister::ImbotV2CommandUnregister>(),
    Entry::of::<answer::ImbotV2CommandAnswer>(),
];
