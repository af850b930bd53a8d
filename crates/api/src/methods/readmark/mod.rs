//! `readmark.*`: methods that the original does not have.

pub mod bot_read_events;
pub mod mention_counters;
pub mod mention_list;
pub mod message_viewers;
pub mod receipts_hide;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<bot_read_events::ReadmarkBotReadEvents>(),
    Entry::of::<mention_counters::ReadmarkMentionCounters>(),
    Entry::of::<mention_list::ReadmarkMentionList>(),
    Entry::of::<message_viewers::ReadmarkMessageViewers>(),
    Entry::of::<receipts_hide::ReadmarkReceiptsHide>(),
];
