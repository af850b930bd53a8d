//! All data that an event is written from.

use readmark_model::{
    Event, UserId, bot::StreamEvent, chat::Chat, command::CommandCall, message::Message,
    reaction::Reaction, user::User,
};
use readmark_store::{
    StoreError, Tx,
    repo::{chat, message, reaction, user, view},
};

/// The event that bots and subscribed users receive; `None` if they receive none.
#[must_use]
pub fn told_as(event: &Event) -> Option<StreamEvent> {
    match event {
        Event::MessageAdded { .. } => Some(StreamEvent::MessageAdd),
        Event::MessageUpdated { .. } => Some(StreamEvent::MessageUpdate),
        Event::MessageDeleted { .. } => Some(StreamEvent::MessageDelete),
        Event::ReactionChanged { .. } => Some(StreamEvent::ReactionChange),
        Event::MemberAdded { .. } | Event::PrivateChatAdded { .. } => Some(StreamEvent::JoinChat),
        Event::ContextSent { .. } => Some(StreamEvent::ContextGet),
        Event::CommandCalled { .. } => Some(StreamEvent::CommandAdd),
        Event::DialogRead { awaited, .. } => awaited.then_some(StreamEvent::MessageRead),
        Event::BotDeleted { .. } => Some(StreamEvent::Delete),
        Event::DialogUnread { .. }
        | Event::AllRead { .. }
        | Event::ChatFlagged { .. }
        | Event::ChatMuted { .. }
        | Event::ChatPinned { .. }
        | Event::ChatHidden { .. }
        | Event::ChatAdded { .. }
        | Event::ChatUpdated { .. }
        | Event::MemberRemoved { .. }
        | Event::Typing { .. }
        | Event::UserAdded { .. }
        | Event::UserUpdated { .. }
        | Event::BotAdded { .. }
        | Event::BotUpdated { .. }
        | Event::NotificationAdded { .. }
        | Event::NotificationsRead { .. }
        | Event::NotificationsDeleted { .. }
        | Event::DepartmentAdded { .. }
        | Event::DepartmentUpdated { .. }
        | Event::DepartmentDeleted { .. } => None,
    }
}

/// An event with its data loaded.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The kind of event that is sent.
    pub kind: StreamEvent,
    /// The chat.
    pub chat: Chat,
    /// The message, if it is about one.
    pub message: Option<Spoken>,
    /// The message's author, or who did something else; `None` for system messages.
    pub person: Option<User>,
    /// The user who joined.
    pub joined: Option<User>,
    /// The user who caused it, shown or not.
    pub acting: Option<UserId>,
    /// The event.
    pub event: &'a Event,
}

/// A message with its related data.
#[derive(Debug)]
pub struct Spoken {
    /// The message: if deleted, as it was; else as it is.
    pub message: Message,
    /// Its text before the change.
    pub text_before: Option<String>,
    /// Reactions, oldest first.
    pub reactions: Vec<Reaction>,
    /// Whether anybody but its author viewed it.
    pub viewed: bool,
}

impl<'a> Scene<'a> {
    /// Loads an event's data; `None` for an event that has no recipients in a chat, or whose subject no longer exists.
    pub fn load(tx: &mut dyn Tx, event: &'a Event) -> Result<Option<Self>, StoreError> {
        let Some(kind) = told_as(event) else {
            return Ok(None);
        };
        let chat = match event.chat() {
            Some(id) => chat::find(tx, id)?,
            None => None,
        };
        let Some(chat) = chat else {
            return Ok(None);
        };
        let mut joined = None;
        let (message, by) = match event {
            Event::MessageAdded { message, .. } => (Spoken::load(tx, *message)?, None),
            Event::MessageUpdated { before, .. } => {
                let now = Spoken::load(tx, before.id)?.map(|spoken| Spoken {
                    text_before: Some(before.text.clone()),
                    ..spoken
                });
                (now, None)
            }
            Event::MessageDeleted { before, .. } => (Some(Spoken::gone(before)), None),
            Event::ReactionChanged { message, user, .. } => {
                (Spoken::load(tx, *message)?, Some(*user))
            }
            Event::MemberAdded { user, by, .. } => {
                joined = user::find(tx, *user)?;
                (None, Some(*by))
            }
            Event::CommandCalled { call } => (Spoken::load(tx, call.message)?, Some(call.user)),
            Event::PrivateChatAdded { by, .. } => (None, Some(*by)),
            Event::ContextSent { user, .. } | Event::DialogRead { user, .. } => (None, Some(*user)),
            _ => return Ok(None),
        };
        let needs_message = matches!(
            kind,
            StreamEvent::MessageAdd
                | StreamEvent::MessageUpdate
                | StreamEvent::ReactionChange
                | StreamEvent::CommandAdd
        );
        if needs_message && message.is_none() {
            return Ok(None);
        }
        let author = message.as_ref().map(|spoken| &spoken.message);
        let (shown, acting) = match by {
            Some(by) => (by, Some(by)),
            None => (
                author.map_or(UserId(0), Message::shown_author),
                author.map(|message| message.author),
            ),
        };
        let person = if shown == UserId(0) {
            None
        } else {
            user::find(tx, shown)?
        };
        Ok(Some(Self {
            kind,
            chat,
            message,
            person,
            joined,
            acting: acting.filter(|user| *user != UserId(0)),
            event,
        }))
    }

    /// The command that was called.
    #[must_use]
    pub fn command(&self) -> Option<&'a CommandCall> {
        match self.event {
            Event::CommandCalled { call } => Some(call),
            _ => None,
        }
    }
}

impl Spoken {
    fn load(tx: &mut dyn Tx, id: readmark_model::MessageId) -> Result<Option<Self>, StoreError> {
        let Some(message) = message::find(tx, id)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            reactions: reaction::list(tx, id)?,
            viewed: view::exists(tx, message.as_viewed())?,
            text_before: None,
            message,
        }))
    }

    fn gone(before: &Message) -> Self {
        Self {
            message: before.clone(),
            text_before: None,
            reactions: Vec::new(),
            viewed: false,
        }
    }
}
