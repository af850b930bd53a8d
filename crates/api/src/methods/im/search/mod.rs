//! `im.search.*`: chats, people and departments by name.

pub mod chat_list;
pub mod department_list;
pub mod find;
pub mod last_add;
pub mod last_delete;
pub mod last_get;
pub mod user_list;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<chat_list::ImSearchChatList>(),
    Entry::of::<user_list::ImSearchUserList>(),
    Entry::of::<last_add::ImSearchLastAdd>(),
    Entry::of::<last_get::ImSearchLastGet>(),
    Entry::of::<last_delete::ImSearchLastDelete>(),
    Entry::of::<department_list::ImSearchDepartmentList>(),
];
