//! `imbot.message.*`: the messages of a bot.

pub mod add;
pub mod delete;
pub mod like;
pub mod update;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<add::ImbotMessageAdd>(),
    Entry::of::<delete::ImbotMessageDelete>(),
    Entry::of::<like::ImbotMessageLike>(),
    Entry::of::<update::ImbotMessageUpdate>(),
];
