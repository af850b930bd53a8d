//! The methods, one file each. Adding one: a file here, a line below, a line in [`crate::registry::METHODS`], its golden
//! cases, its line in [`crate::coverage`].

pub mod im_counters_get;
pub mod im_dialog_get;
pub mod im_dialog_read;
pub mod im_dialog_read_all;
pub mod im_dialog_unread;
pub mod im_recent_get;
pub mod im_recent_hide;
pub mod im_recent_list;
pub mod im_recent_pin;
pub mod im_recent_unread;
pub mod readmark_message_viewers;
pub mod readmark_receipts_hide;
pub mod imbot_v2_revision_get;
pub mod imbot_v2_bot_register;
pub mod imbot_v2_bot_get;
pub mod imbot_v2_bot_list;
pub mod imbot_v2_bot_update;
pub mod imbot_v2_bot_unregister;
pub mod imbot_v2_chat_message_send;
pub mod imbot_v2_chat_message_read;
