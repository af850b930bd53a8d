//! `im.chat.*`: group chats and their members.

pub mod add;
pub mod get;
pub mod leave;
pub mod mute;
pub mod set_owner;
pub mod update_avatar;
pub mod update_color;
pub mod update_title;
pub mod user_add;
pub mod user_delete;
pub mod user_list;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<add::ImChatAdd>(),
    Entry::of::<get::ImChatGet>(),
    Entry::of::<leave::ImChatLeave>(),
    Entry::of::<mute::ImChatMute>(),
    Entry::of::<set_owner::ImChatSetOwner>(),
    Entry::of::<update_title::ImChatUpdateTitle>(),
    Entry::of::<update_color::ImChatUpdateColor>(),
    Entry::of::<update_avatar::ImChatUpdateAvatar>(),
    Entry::of::<user_add::ImChatUserAdd>(),
    Entry::of::<user_delete::ImChatUserDelete>(),
    Entry::of::<user_list::ImChatUserList>(),
];
