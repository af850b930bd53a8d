//! Notifications.

use crate::{
    ids::{NotificationId, Timestamp, UserId},
    message_params::Document,
};

/// On whose behalf a notification is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationKind {
    /// On its author's.
    Personal,
    /// On the system's.
    System,
}

impl NotificationKind {
    /// The stored code, which clients use too.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Personal => 2,
            Self::System => 4,
        }
    }

    /// The reverse of [`NotificationKind::code`].
    #[must_use]
    pub const fn from_code(code: i64) -> Option<Self> {
        match code {
            2 => Some(Self::Personal),
            4 => Some(Self::System),
            _ => None,
        }
    }
}

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// The author; 0 for the system.
    pub author: UserId,
    /// On whose behalf it is sent.
    pub kind: NotificationKind,
    /// The application that the tags belong to.
    pub application: String,
    /// The tag, or empty.
    pub tag: String,
    /// The sub-tag, or empty.
    pub sub_tag: String,
    /// The text.
    pub text: String,
    /// Attachments.
    pub attach: Option<Document>,
    /// When it was sent.
    pub created_at: Timestamp,
    /// Whether the recipient read it.
    pub is_read: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_kinds_never_change_and_no_others_are_read() {
        for (code, kind) in [
            (2, NotificationKind::Personal),
            (4, NotificationKind::System),
        ] {
            assert_eq!(kind.code(), code);
            assert_eq!(NotificationKind::from_code(code), Some(kind));
        }
        for code in [-1, 0, 1, 3, 5] {
            assert_eq!(NotificationKind::from_code(code), None);
        }
    }
}
