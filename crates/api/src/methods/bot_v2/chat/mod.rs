//! `imbot.v2.Chat.*`: the chats of a bot.

pub mod add;
pub mod get;
pub mod input_action_notify;
pub mod leave;
pub mod manager_add;
pub mod manager_delete;
pub mod managers;
pub mod message;
pub mod set_owner;
pub mod text_field_enabled;
pub mod update;
pub mod user_add;
pub mod user_delete;
pub mod user_list;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<add::ImbotV2ChatAdd>(),
    Entry::of::<get::ImbotV2ChatGet>(),
    Entry::of::<update::ImbotV2ChatUpdate>(),
    Entry::of::<leave::ImbotV2ChatLeave>(),
    Entry::of::<set_owner::ImbotV2ChatSetOwner>(),
    Entry::of::<user_add::ImbotV2ChatUserAdd>(),
    Entry::of::<user_delete::ImbotV2ChatUserDelete>(),
    Entry::of::<user_list::ImbotV2ChatUserList>(),
    Entry::of::<manager_add::ImbotV2ChatManagerAdd>(),
    Entry::of::<manager_delete::ImbotV2ChatManagerDelete>(),
    Entry::of::<input_action_notify::ImbotV2ChatInputActionNotify>(),
    Entry::of::<text_field_enabled::ImbotV2ChatTextFieldEnabled>(),
];
