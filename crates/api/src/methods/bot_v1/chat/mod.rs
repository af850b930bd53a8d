//! `imbot.chat.*`: the chats of a bot.

pub mod add;
pub mod get;
pub mod leave;
pub mod send_typing;
pub mod set_manager;
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
    Entry::of::<add::ImbotChatAdd>(),
    Entry::of::<get::ImbotChatGet>(),
    Entry::of::<leave::ImbotChatLeave>(),
    Entry::of::<send_typing::ImbotChatSendTyping>(),
    Entry::of::<set_manager::ImbotChatSetManager>(),
    Entry::of::<set_owner::ImbotChatSetOwner>(),
    Entry::of::<update_avatar::ImbotChatUpdateAvatar>(),
    Entry::of::<update_color::ImbotChatUpdateColor>(),
    Entry::of::<update_title::ImbotChatUpdateTitle>(),
    Entry::of::<user_add::ImbotChatUserAdd>(),
    Entry::of::<user_delete::ImbotChatUserDelete>(),
    Entry::of::<user_list::ImbotChatUserList>(),
];
