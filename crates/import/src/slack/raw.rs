//! The JSON of an export, as far as it is used. Fields that may be missing or null are optional; a wrong type is an error.

use serde::Deserialize;

/// An entry of `users.json`.
#[derive(Debug, Deserialize)]
pub(super) struct RawUser {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) real_name: Option<String>,
    pub(super) deleted: Option<bool>,
    pub(super) is_bot: Option<bool>,
    /// A multi-channel guest.
    pub(super) is_restricted: Option<bool>,
    /// A single-channel guest.
    pub(super) is_ultra_restricted: Option<bool>,
    /// A user of another workspace.
    pub(super) is_stranger: Option<bool>,
    pub(super) tz: Option<String>,
    pub(super) profile: Option<RawProfile>,
}

/// A user's profile.
#[derive(Debug, Default, Deserialize)]
pub(super) struct RawProfile {
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) real_name: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) title: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) bot_id: Option<String>,
}

/// An entry of `channels.json`, `groups.json`, `mpims.json` or `dms.json`.
#[derive(Debug, Deserialize)]
pub(super) struct RawRoom {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) created: Option<i64>,
    pub(super) creator: Option<String>,
    pub(super) is_archived: Option<bool>,
    pub(super) members: Option<Vec<String>>,
    pub(super) topic: Option<RawNote>,
    pub(super) purpose: Option<RawNote>,
}

/// Topic or purpose.
#[derive(Debug, Deserialize)]
pub(super) struct RawNote {
    pub(super) value: Option<String>,
}

/// A message.
#[derive(Debug, Deserialize)]
pub(super) struct RawMessage {
    pub(super) ts: String,
    pub(super) subtype: Option<String>,
    pub(super) user: Option<String>,
    pub(super) bot_id: Option<String>,
    pub(super) username: Option<String>,
    pub(super) user_profile: Option<RawProfile>,
    pub(super) bot_profile: Option<RawProfile>,
    pub(super) text: Option<String>,
    pub(super) thread_ts: Option<String>,
    pub(super) edited: Option<RawEdited>,
    pub(super) reactions: Option<Vec<RawReaction>>,
    pub(super) files: Option<Vec<RawFile>>,
    pub(super) attachments: Option<Vec<RawAttachment>>,
}

/// The last edit of a message.
#[derive(Debug, Deserialize)]
pub(super) struct RawEdited {
    pub(super) ts: Option<String>,
}

/// The users who reacted with one emoji.
#[derive(Debug, Deserialize)]
pub(super) struct RawReaction {
    pub(super) name: String,
    pub(super) users: Option<Vec<String>>,
}

/// A file that belongs to a message.
#[derive(Debug, Deserialize)]
pub(super) struct RawFile {
    pub(super) name: Option<String>,
    pub(super) title: Option<String>,
    pub(super) permalink: Option<String>,
    pub(super) url_private: Option<String>,
}

/// An attachment of a bot, or a link preview.
#[derive(Debug, Deserialize)]
pub(super) struct RawAttachment {
    pub(super) title: Option<String>,
    pub(super) title_link: Option<String>,
    pub(super) text: Option<String>,
    pub(super) pretext: Option<String>,
    pub(super) fallback: Option<String>,
    /// The previewed address.
    pub(super) from_url: Option<String>,
    pub(super) original_url: Option<String>,
}
