//! `im.notify` and `im.notify.*`: notifications.

pub mod add;
pub mod answer;
pub mod confirm;
pub mod delete;
pub mod fields;
pub mod get;
pub mod history_search;
pub mod personal_add;
pub mod read;
pub mod read_all;
pub mod read_list;
pub mod schema_get;
pub mod system_add;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<add::ImNotify>(),
    Entry::of::<personal_add::ImNotifyPersonalAdd>(),
    Entry::of::<system_add::ImNotifySystemAdd>(),
    Entry::of::<delete::ImNotifyDelete>(),
    Entry::of::<read::ImNotifyRead>(),
    Entry::of::<read_list::ImNotifyReadList>(),
    Entry::of::<read_all::ImNotifyReadAll>(),
    Entry::of::<get::ImNotifyGet>(),
    Entry::of::<schema_get::ImNotifySchemaGet>(),
    Entry::of::<answer::ImNotifyAnswer>(),
    Entry::of::<confirm::ImNotifyConfirm>(),
    Entry::of::<history_search::ImNotifyHistorySearch>(),
];
