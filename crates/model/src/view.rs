//! Viewers and views (rule R13).

use crate::ids::{MessageId, Timestamp, UserId};

/// A viewer of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The user.
    pub user: UserId,
    /// Full name.
    pub name: String,
    /// Path of the avatar, or empty.
    pub avatar: String,
    /// When the user viewed the message.
    pub at: Timestamp,
}

/// How far a member has viewed a chat: an entry of `readed_list`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The user.
    pub user: UserId,
    /// Full name.
    pub name: String,
    /// The last message viewed that still exists, and when it was viewed; `None` for those who hide receipts.
    pub viewed: Option<(MessageId, Timestamp)>,
}
