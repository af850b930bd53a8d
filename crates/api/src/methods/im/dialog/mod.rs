//! `im.dialog.*`: reading, unread marks, history and members of any dialog.

pub mod get;
pub mod messages_get;
pub mod messages_search;
pub mod read;
pub mod read_all;
pub mod unread;
pub mod users_list;
pub mod writing;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<users_list::ImDialogUsersList>(),
    Entry::of::<messages_get::ImDialogMessagesGet>(),
    Entry::of::<messages_search::ImDialogMessagesSearch>(),
    Entry::of::<read::ImDialogRead>(),
    Entry::of::<writing::ImDialogWriting>(),
    Entry::of::<get::ImDialogGet>(),
    Entry::of::<read_all::ImDialogReadAll>(),
    Entry::of::<unread::ImDialogUnread>(),
];
