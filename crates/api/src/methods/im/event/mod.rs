//! `im.v2.Event.*` and `im.v2.Chat.Bot.sendContext`: events for users, and contexts for bots.

pub mod get;
pub mod send_context;
pub mod subscribe;
pub mod unsubscribe;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<send_context::ImV2ChatBotSendContext>(),
    Entry::of::<subscribe::ImV2EventSubscribe>(),
    Entry::of::<get::ImV2EventGet>(),
    Entry::of::<unsubscribe::ImV2EventUnsubscribe>(),
];
