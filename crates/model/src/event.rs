//! What happened, as written to the outbox in the same commit (rule R16) and published afterwards.

use crate::ids::{ChatId, MessageId, UserId};

macro_rules! event_kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)+) => {
        /// The kind of an [`Event`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventKind {
            $($(#[$doc])* $name,)+
        }

        impl EventKind {
            /// The number stored in the database.
            #[must_use]
            pub const fn code(self) -> i64 {
                match self { $(Self::$name => $code,)+ }
            }

            /// The reverse of [`EventKind::code`].
            #[must_use]
            pub const fn from_code(code: i64) -> Option<Self> {
                match code { $($code => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

event_kinds! {
    /// A message was sent: chat, author, message.
    MessageAdded = 1,
    /// A message's text or parameters changed: chat, editor, message.
    MessageUpdated = 2,
    /// A message was deleted: chat, who deleted, message; value 1 when it is gone completely, 0 when a tombstone stays.
    MessageDeleted = 3,
    /// A member read: chat, member, last read message; value is the counter afterwards.
    DialogRead = 4,
    /// A member marked as unread: chat, member, first unread message; value is the counter afterwards.
    DialogUnread = 5,
    /// A member read all chats: member.
    AllRead = 6,
    /// The unread flag of a chat changed: chat, member; value 1 set, 0 cleared.
    ChatFlagged = 7,
    /// A chat was made: chat, creator.
    ChatAdded = 8,
    /// Title, description, colour, avatar, owner, managers or input field of a chat changed: chat, who changed it.
    ChatUpdated = 9,
    /// A user joined: chat, user.
    MemberAdded = 10,
    /// A user left or was removed: chat, user.
    MemberRemoved = 11,
    /// A member muted or unmuted: chat, member; value 1 muted, 0 not.
    ChatMuted = 12,
    /// A member pinned or unpinned: chat, member; value 1 pinned, 0 not.
    ChatPinned = 13,
    /// A member hid a chat from the recent list: chat, member.
    ChatHidden = 14,
    /// A reaction changed: chat, who reacted, message; value 1 set, 0 removed.
    ReactionChanged = 15,
    /// A user was added: user.
    UserAdded = 16,
    /// A user changed: user.
    UserUpdated = 17,
    /// A bot was registered: user.
    BotAdded = 18,
    /// A bot changed: user.
    BotUpdated = 19,
    /// A bot was deleted: user.
    BotDeleted = 20,
    /// Somebody is typing, or otherwise about to write: chat, user; value is that of an `InputAction`. Published only, never
    /// stored.
    Typing = 21,
    /// A user was notified: recipient; value is the notification.
    NotificationAdded = 22,
    /// Notifications were marked as read or unread: recipient; value is the counter of notifications afterwards.
    NotificationRead = 23,
    /// Notifications were deleted: recipient; value is the counter of notifications afterwards.
    NotificationDeleted = 24,
    /// An event waits to be sent to the handler of a bot: bot. Published only, never stored.
    DeliveryWaiting = 25,
    /// A department was added: who added it; value is the department.
    DepartmentAdded = 40,
    /// A department changed: who changed it; value is the department.
    DepartmentUpdated = 41,
    /// A department was deleted: who deleted it; value is the department.
    DepartmentDeleted = 42,
}

/// One thing that happened. Which fields are set is said at each [`EventKind`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// In which chat.
    pub chat: Option<ChatId>,
    /// To or by whom.
    pub user: Option<UserId>,
    /// Which message.
    pub message: Option<MessageId>,
    /// A number that the kind explains.
    pub value: Option<i64>,
}

impl Event {
    /// An event in a chat.
    #[must_use]
    pub const fn in_chat(kind: EventKind, chat: ChatId, user: UserId) -> Self {
        Self {
            kind,
            chat: Some(chat),
            user: Some(user),
            message: None,
            value: None,
        }
    }

    /// An event about a user.
    #[must_use]
    pub const fn of_user(kind: EventKind, user: UserId) -> Self {
        Self {
            kind,
            chat: None,
            user: Some(user),
            message: None,
            value: None,
        }
    }

    /// The same with a message.
    #[must_use]
    pub const fn message(mut self, message: MessageId) -> Self {
        self.message = Some(message);
        self
    }

    /// The same with a value.
    #[must_use]
    pub const fn value(mut self, value: i64) -> Self {
        self.value = Some(value);
        self
    }

    /// Whether it is written to the outbox; the others are only published.
    #[must_use]
    pub const fn is_stored(&self) -> bool {
        !matches!(self.kind, EventKind::Typing | EventKind::DeliveryWaiting)
    }
}
