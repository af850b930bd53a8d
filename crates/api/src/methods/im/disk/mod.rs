//! `im.disk.*`: files of chats.

pub mod file_commit;
pub mod file_delete;
pub mod file_save;
pub mod folder_get;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<folder_get::ImDiskFolderGet>(),
    Entry::of::<file_commit::ImDiskFileCommit>(),
    Entry::of::<file_save::ImDiskFileSave>(),
    Entry::of::<file_delete::ImDiskFileDelete>(),
];
