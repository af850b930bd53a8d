//! `im.message.*`: sending, changing and deleting messages.

pub mod add;
pub mod command;
pub mod delete;
pub mod like;
pub mod share;
pub mod update;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<add::ImMessageAdd>(),
    Entry::of::<share::ImMessageShare>(),
    Entry::of::<update::ImMessageUpdate>(),
    Entry::of::<delete::ImMessageDelete>(),
    Entry::of::<command::ImMessageCommand>(),
    Entry::of::<like::ImMessageLike>(),
];
