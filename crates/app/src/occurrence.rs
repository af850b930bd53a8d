//! What happened, with all that telling bots and users of it takes.
//!
//! The outbox says in a few numbers that something changed. An occurrence also has what is gone afterwards: a deleted message,
//! a bot that was taken away, the context with which a dialog was opened. Use cases tell of them as they go; whoever runs a
//! use case hands them over to those who listen, in the same transaction.

use readmark_model::{ChatId, MessageId, UserId, ViewRange};
use readmark_store::repo::{bot::Bot, event_handler::Handler, message::Message};

/// How a command was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandContext {
    /// It was written.
    TextArea,
    /// A button of a keyboard was pressed.
    Keyboard,
    /// It was chosen in the menu of a message.
    Menu,
}

/// A command that was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandCall {
    /// The bot that owns it. It need not be in the chat.
    pub bot: UserId,
    /// The command's id.
    pub command: i64,
    /// Its name, without the slash.
    pub name: String,
    /// What follows the name.
    pub params: String,
    /// How it was called.
    pub context: CommandContext,
    /// In which chat.
    pub chat: ChatId,
    /// The message that calls it, or that has the button or the menu.
    pub message: MessageId,
    /// Who called it.
    pub user: UserId,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Occurrence {
    /// A message was sent.
    MessageAdded {
        /// Where.
        chat: ChatId,
        /// Which.
        message: MessageId,
    },
    /// A message's text or parameters were changed.
    MessageUpdated {
        /// The message as it was.
        before: Box<Message>,
    },
    /// A message was deleted, or became a tombstone.
    MessageDeleted {
        /// The message as it was.
        before: Box<Message>,
    },
    /// A reaction was set or removed.
    ReactionChanged {
        /// Where.
        chat: ChatId,
        /// To which message.
        message: MessageId,
        /// Who reacted.
        user: UserId,
        /// The reaction.
        reaction: String,
        /// Whether it was set.
        added: bool,
    },
    /// Somebody became a member of a chat that is not private.
    MemberAdded {
        /// Where.
        chat: ChatId,
        /// Who.
        user: UserId,
        /// Who did it, the same for who joined.
        by: UserId,
    },
    /// A private chat was made.
    PrivateChatMade {
        /// The chat.
        chat: ChatId,
        /// Who mentioned it first.
        by: UserId,
    },
    /// Somebody viewed messages (rule R13), in a chat with a bot that is told of it.
    MessagesViewed {
        /// Where.
        chat: ChatId,
        /// Who.
        user: UserId,
        /// Which, for the first time.
        range: ViewRange,
    },
    /// A dialog was opened with a context for the bots in it.
    ContextSent {
        /// The dialog's chat.
        chat: ChatId,
        /// Who opened it.
        user: UserId,
        /// The context, a JSON object; opaque here.
        context: String,
    },
    /// A command was called. The message that calls it is told of apart.
    CommandCalled(Box<CommandCall>),
    /// A bot was taken away.
    BotDeleted {
        /// The bot as it was.
        bot: Box<Bot>,
        /// Where it is to be told, if anywhere.
        handler: Option<Handler>,
        /// Who did it.
        by: UserId,
    },
}

impl Occurrence {
    /// The chat whose listeners are told.
    #[must_use]
    pub fn chat(&self) -> Option<ChatId> {
        match self {
            Self::MessageAdded { chat, .. }
            | Self::ReactionChanged { chat, .. }
            | Self::MemberAdded { chat, .. }
            | Self::PrivateChatMade { chat, .. }
            | Self::MessagesViewed { chat, .. }
            | Self::ContextSent { chat, .. } => Some(*chat),
            Self::MessageUpdated { before } | Self::MessageDeleted { before } => Some(before.chat),
            Self::CommandCalled(call) => Some(call.chat),
            Self::BotDeleted { .. } => None,
        }
    }
}
