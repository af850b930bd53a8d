//! All that an event is written from.

use readmark_app::occurrence::{CommandCall, Occurrence};
use readmark_model::{UserId, bot::StreamEvent};
use readmark_store::{
    StoreError, Tx,
    repo::{
        chat::{self, Chat},
        message::{self, Message},
        reaction::{self, Reaction},
        user::{self, User},
        view,
    },
};

/// What happened, loaded.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    /// Which event tells of it.
    pub(super) event: StreamEvent,
    /// Where.
    pub(super) chat: Chat,
    /// The message, where it is about one.
    pub(super) message: Option<Spoken>,
    /// Who wrote the message, or who did something else; `None` for system messages.
    pub(super) person: Option<User>,
    /// Who joined.
    pub(super) joined: Option<User>,
    /// Who did it, under whose name or not.
    pub(super) acting: Option<UserId>,
    /// What it is about.
    pub(super) occurrence: &'a Occurrence,
}

/// A message with what belongs to it.
#[derive(Debug)]
pub(super) struct Spoken {
    /// The message: as it was where it was deleted, else as it is.
    pub(super) message: Message,
    /// The text that it had before it was changed.
    pub(super) text_before: Option<String>,
    /// Reactions in the order of time.
    pub(super) reactions: Vec<Reaction>,
    /// Whether anybody but its author viewed it.
    pub(super) viewed: bool,
}

impl<'a> Scene<'a> {
    /// Loads what an occurrence tells of; `None` where it is not there any more.
    pub(super) fn load(
        tx: &mut dyn Tx,
        occurrence: &'a Occurrence,
    ) -> Result<Option<Self>, StoreError> {
        let chat = match occurrence.chat() {
            Some(id) => chat::find(tx, id)?,
            None => None,
        };
        let Some(chat) = chat else {
            return Ok(None);
        };
        let mut joined = None;
        let (event, message, by) = match occurrence {
            Occurrence::MessageAdded { message, .. } => {
                (StreamEvent::MessageAdd, Spoken::load(tx, *message)?, None)
            }
            Occurrence::MessageUpdated { before } => {
                let now = Spoken::load(tx, before.id)?.map(|spoken| Spoken {
                    text_before: Some(before.text.clone()),
                    ..spoken
                });
                (StreamEvent::MessageUpdate, now, None)
            }
            Occurrence::MessageDeleted { before } => {
                let gone = Spoken::gone(before);
                (StreamEvent::MessageDelete, Some(gone), None)
            }
            Occurrence::ReactionChanged { message, user, .. } => {
                let message = Spoken::load(tx, *message)?;
                (StreamEvent::ReactionChange, message, Some(*user))
            }
            Occurrence::MemberAdded { user, by, .. } => {
                joined = user::find(tx, *user)?;
                (StreamEvent::JoinChat, None, Some(*by))
            }
            Occurrence::PrivateChatMade { by, .. } => (StreamEvent::JoinChat, None, Some(*by)),
            Occurrence::ContextSent { user, .. } => (StreamEvent::ContextGet, None, Some(*user)),
            Occurrence::MessagesViewed { user, .. } => {
                (StreamEvent::MessageRead, None, Some(*user))
            }
            Occurrence::CommandCalled(call) => {
                let message = Spoken::load(tx, call.message)?;
                (StreamEvent::CommandAdd, message, Some(call.user))
            }
            Occurrence::BotDeleted { .. } => return Ok(None),
        };
        let needs_message = matches!(
            event,
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
            event,
            chat,
            message,
            person,
            joined,
            acting: acting.filter(|user| *user != UserId(0)),
            occurrence,
        }))
    }

    /// The command that was called.
    pub(super) fn command(&self) -> Option<&'a CommandCall> {
        match self.occurrence {
            Occurrence::CommandCalled(call) => Some(call),
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
