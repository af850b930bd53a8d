//! `imbot.v2.Bot.*`: registering and changing bots.

pub mod get;
pub mod list;
pub mod register;
pub mod unregister;
pub mod update;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<register::ImbotV2BotRegister>(),
    Entry::of::<get::ImbotV2BotGet>(),
    Entry::of::<list::ImbotV2BotList>(),
    Entry::of::<update::ImbotV2BotUpdate>(),
    Entry::of::<unregister::ImbotV2BotUnregister>(),
];
