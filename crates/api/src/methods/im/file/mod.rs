//! `im.v2.File.*`: uploading and downloading files.

pub mod download;
pub mod upload;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<upload::ImV2FileUpload>(),
    Entry::of::<download::ImV2FileDownload>(),
];
