//! `imbot.v2.Chat.Message.*`: messages, reactions and read state of a bot.

pub mod delete;
pub mod get;
pub mod get_context;
pub mod reaction;
pub mod reaction_add;
pub mod reaction_delete;
pub mod read;
pub mod send;
pub mod update;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<send::ImbotV2ChatMessageSend>(),
    Entry::of::<update::ImbotV2ChatMessageUpdate>(),
    Entry::of::<delete::ImbotV2ChatMessageDelete>(),
    Entry::of::<read::ImbotV2ChatMessageRead>(),
    Entry::of::<get::ImbotV2ChatMessageGet>(),
    Entry::of::<get_context::ImbotV2ChatMessageGetContext>(),
    Entry::of::<reaction_add::ImbotV2ChatMessageReactionAdd>(),
    Entry::of::<reaction_delete::ImbotV2ChatMessageReactionDelete>(),
];
