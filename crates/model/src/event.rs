//! Events of the domain.
//!
//! A use case records an [`Event`] once, where it makes the change. There are two kinds of consumers: some store rows in the
//! same transaction (streams of bots and users, and deliveries to handlers), the others are notified once the commit is
//! durable, in commit order (rules R14, R16).
//!
//! An event carries what can no longer be looked up (a message as it was, a bot that is gone) and counters as of its own
//! commit. Consumers look up everything else by id.

use crate::{
    bot::{Bot, Handler},
    command::CommandCall,
    ids::{ChatId, MessageId, NotificationId, UserId},
    input_action::InputAction,
    message::Message,
    read_state::ViewRange,
};

/// A domain event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A message was sent, or an automatic notice written.
    MessageAdded {
        /// The chat.
        chat: ChatId,
        /// The message.
        message: MessageId,
        /// Who wrote it, or caused the notice.
        author: UserId,
    },
    /// A message's text or parameters changed.
    MessageUpdated {
        /// The message as it was.
        before: Box<Message>,
        /// Who changed it.
        by: UserId,
    },
    /// A message was deleted (rule R9).
    MessageDeleted {
        /// The message as it was.
        before: Box<Message>,
        /// Whether it was deleted completely; else it became a tombstone.
        complete: bool,
        /// Who deleted it.
        by: UserId,
    },
    /// A reaction was set or removed.
    ReactionChanged {
        /// The chat.
        chat: ChatId,
        /// The message.
        message: MessageId,
        /// Who reacted.
        user: UserId,
        /// The reaction.
        reaction: String,
        /// Whether it was set; else it was removed.
        added: bool,
    },
    /// A member read a chat (rule R1): the cursor moved, or messages were viewed for the first time.
    DialogRead {
        /// The chat.
        chat: ChatId,
        /// Who read.
        user: UserId,
        /// The last read message, 0 for none.
        last_read: MessageId,
        /// The member's counter, as shown.
        counter: i64,
        /// What was viewed for the first time (rule R13); `None` for a read that views nothing new.
        viewed: Option<ViewRange>,
        /// Whether a bot of the chat subscribed to reads. Looked up in a statement that a viewing read makes anyway; `false`
        /// without `viewed`.
        awaited: bool,
    },
    /// A member marked a chat as unread from a message on (rule R3).
    DialogUnread {
        /// The chat.
        chat: ChatId,
        /// The user.
        user: UserId,
        /// The first unread message.
        first_unread: MessageId,
        /// The member's counter, as shown.
        counter: i64,
    },
    /// A user read all chats (rule R11), at least one of which had unread messages.
    AllRead {
        /// The user.
        user: UserId,
    },
    /// A member set or cleared the unread flag of a chat (rule R8).
    ChatFlagged {
        /// The chat.
        chat: ChatId,
        /// The member.
        user: UserId,
        /// Whether it is set now.
        flagged: bool,
    },
    /// A member muted or unmuted a chat (rule R7).
    ChatMuted {
        /// The chat.
        chat: ChatId,
        /// The member.
        user: UserId,
        /// Whether it is muted now.
        muted: bool,
    },
    /// A member pinned or unpinned a chat.
    ChatPinned {
        /// The chat.
        chat: ChatId,
        /// The member.
        user: UserId,
        /// Whether it is pinned now.
        pinned: bool,
    },
    /// A member hid a chat from the recent list (rule R10).
    ChatHidden {
        /// The chat.
        chat: ChatId,
        /// The member.
        user: UserId,
    },
    /// A chat that is not private was created. Its first members have their own events.
    ChatAdded {
        /// The chat.
        chat: ChatId,
        /// Who created it.
        by: UserId,
    },
    /// A private chat was created, with both members in it.
    PrivateChatAdded {
        /// The chat.
        chat: ChatId,
        /// Who mentioned it first.
        by: UserId,
    },
    /// Title, description, colour, avatar, owner, managers or input field of a chat changed.
    ChatUpdated {
        /// The chat.
        chat: ChatId,
        /// Who changed it.
        by: UserId,
    },
    /// A user became a member of a chat that is not private.
    MemberAdded {
        /// The chat.
        chat: ChatId,
        /// The new member.
        user: UserId,
        /// Who added the user; the user itself when joining.
        by: UserId,
    },
    /// A user left a chat or was removed from it (rule R6).
    MemberRemoved {
        /// The chat.
        chat: ChatId,
        /// The former member.
        user: UserId,
        /// Who removed the user; the user itself when leaving.
        by: UserId,
    },
    /// A member is typing, or otherwise about to send something. Changes and stores nothing.
    Typing {
        /// The chat.
        chat: ChatId,
        /// Who.
        user: UserId,
        /// What is shown, and for how long.
        action: InputAction,
    },
    /// A member opened a dialog with a context for the bots in it.
    ContextSent {
        /// The dialog's chat.
        chat: ChatId,
        /// Who opened it.
        user: UserId,
        /// The context, a JSON object; opaque here.
        context: String,
    },
    /// A command of a bot was called. The message that calls it has its own event.
    CommandCalled {
        /// The call.
        call: Box<CommandCall>,
    },
    /// A user was added.
    UserAdded {
        /// The new user.
        user: UserId,
    },
    /// A user's profile, status, absence or settings changed, or the user was dismissed or reinstated.
    UserUpdated {
        /// The user.
        user: UserId,
    },
    /// A bot was registered.
    BotAdded {
        /// The bot's user.
        bot: UserId,
    },
    /// A bot, its commands or its applications changed.
    BotUpdated {
        /// The bot's user.
        bot: UserId,
    },
    /// A bot was deleted.
    BotDeleted {
        /// The bot as it was.
        bot: Box<Bot>,
        /// The handler that is notified of its deletion, if any.
        handler: Option<Box<Handler>>,
        /// Who deleted it.
        by: UserId,
    },
    /// A user was notified.
    NotificationAdded {
        /// The recipient.
        user: UserId,
        /// The notification.
        notification: NotificationId,
    },
    /// Notifications were marked as read or unread.
    NotificationsRead {
        /// The recipient.
        user: UserId,
        /// How many are unread now.
        unread: i64,
    },
    /// Notifications were deleted.
    NotificationsDeleted {
        /// The recipient.
        user: UserId,
        /// How many of the remaining ones are unread.
        unread: i64,
    },
    /// A department was added.
    DepartmentAdded {
        /// Its id.
        department: i64,
        /// Who added it.
        by: UserId,
    },
    /// A department changed.
    DepartmentUpdated {
        /// Its id.
        department: i64,
        /// Who changed it.
        by: UserId,
    },
    /// A department was deleted.
    DepartmentDeleted {
        /// Its former id.
        department: i64,
        /// Who deleted it.
        by: UserId,
    },
}

impl Event {
    /// The chat that it concerns; `None` for events about users, bots, notifications, departments, or all chats of a user.
    #[must_use]
    pub fn chat(&self) -> Option<ChatId> {
        match self {
            Self::MessageAdded { chat, .. }
            | Self::ReactionChanged { chat, .. }
            | Self::DialogRead { chat, .. }
            | Self::DialogUnread { chat, .. }
            | Self::ChatFlagged { chat, .. }
            | Self::ChatMuted { chat, .. }
            | Self::ChatPinned { chat, .. }
            | Self::ChatHidden { chat, .. }
            | Self::ChatAdded { chat, .. }
            | Self::PrivateChatAdded { chat, .. }
            | Self::ChatUpdated { chat, .. }
            | Self::MemberAdded { chat, .. }
            | Self::MemberRemoved { chat, .. }
            | Self::Typing { chat, .. }
            | Self::ContextSent { chat, .. } => Some(*chat),
            Self::MessageUpdated { before, .. } | Self::MessageDeleted { before, .. } => {
                Some(before.chat)
            }
            Self::CommandCalled { call } => Some(call.chat),
            Self::AllRead { .. }
            | Self::UserAdded { .. }
            | Self::UserUpdated { .. }
            | Self::BotAdded { .. }
            | Self::BotUpdated { .. }
            | Self::BotDeleted { .. }
            | Self::NotificationAdded { .. }
            | Self::NotificationsRead { .. }
            | Self::NotificationsDeleted { .. }
            | Self::DepartmentAdded { .. }
            | Self::DepartmentUpdated { .. }
            | Self::DepartmentDeleted { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_within_a_chat_name_it_and_others_none() {
        let (chat, message, user) = (ChatId(3), MessageId(8), UserId(5));
        let sent = Event::MessageAdded {
            chat,
            message,
            author: user,
        };
        assert_eq!(sent.chat(), Some(chat));
        assert_eq!(Event::BotUpdated { bot: user }.chat(), None);
    }
}
