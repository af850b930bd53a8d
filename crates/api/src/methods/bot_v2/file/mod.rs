//! `imbot.v2.File.*`: files of a bot.

pub mod download;
pub mod upload;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<upload::ImbotV2FileUpload>(),
    Entry::of::<download::ImbotV2FileDownload>(),
];
