//! `imbot.register`, `imbot.update`, `imbot.unregister` and `imbot.bot.list`.

pub mod list;
pub mod register;
pub mod unregister;
pub mod update;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<register::ImbotRegister>(),
    Entry::of::<update::ImbotUpdate>(),
    Entry::of::<unregister::ImbotUnregister>(),
    Entry::of::<list::ImbotBotList>(),
];
