//! The message object in its three forms: the classic one in snake_case, that of `im.dialog.messages.search`, and that of `im.v2.*`
//! and `imbot.v2.*`.

use readmark_app::message::{around::Looked, search::Found, show::Shown};
use readmark_model::{MessageKind, message::Message, reaction::Reaction};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{date, message_params};
use crate::{portal::context::PortalContext, wire::EmptyAsList};

/// Always `null` here.
type Nothing = Option<bool>;

/// The message object of `im.dialog.messages.get`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ClassicMessage {
    /// Its id.
    pub id: i64,
    /// Its chat.
    pub chat_id: i64,
    /// Its author; 0 for system messages and notices.
    pub author_id: i64,
    /// When it was sent.
    pub date: String,
    /// Text; empty when it is deleted.
    pub text: String,
    /// Whether the caller has not read it.
    pub unread: bool,
    /// External id; null for system messages and notices.
    pub uuid: Option<String>,
    /// Replacements in the text; none are made.
    pub replaces: [bool; 0],
    /// Attachments, keyboard, likes…
    pub params: EmptyAsList<String, Value>,
    /// When it disappears; never.
    pub disappearing_date: Nothing,
}

impl ClassicMessage {
    /// The object of a message.
    #[must_use]
    pub fn new(shown: &Shown, portal: &PortalContext) -> Self {
        let message = &shown.message;
        Self {
            id: message.id.get(),
            chat_id: message.chat.get(),
            author_id: message.shown_author().get(),
            date: date(message.created_at, portal),
            text: message.text.clone(),
            unread: shown.unread,
            uuid: message.uuid.clone(),
            replaces: [],
            params: params_or_list(shown),
            disappearing_date: None,
        }
    }
}

/// The message object of `im.dialog.messages.search`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FoundMessage {
    /// Its id.
    pub id: i64,
    /// Its chat.
    pub chat_id: i64,
    /// The same in the old spelling.
    #[serde(rename = "chat_id")]
    pub chat_id_again: i64,
    /// Its author; 0 for system messages.
    pub author_id: i64,
    /// The same in the old spelling.
    #[serde(rename = "author_id")]
    pub author_id_again: i64,
    /// When it was sent.
    pub date: String,
    /// Text.
    pub text: String,
    /// Whether it is a system message.
    pub is_system: bool,
    /// External id; null for system messages.
    pub uuid: Option<String>,
    /// Where a forwarded message comes from.
    pub forward: Option<Forward>,
    /// Attachments, keyboard, likes…
    pub params: EmptyAsList<String, Value>,
    /// Whether anybody but the author viewed it.
    pub viewed_by_others: bool,
    /// Blocks of the interface; none are made.
    pub block: Nothing,
    /// Whether the caller has not read it.
    pub unread: bool,
    /// Whether the caller viewed it; own messages always are.
    pub viewed: bool,
    /// The exact number of viewers.
    pub viewed_count: i64,
}

impl FoundMessage {
    /// The object of a found message.
    #[must_use]
    pub fn new(found: &Found, portal: &PortalContext) -> Self {
        let message = &found.shown.message;
        let (chat, author) = (message.chat.get(), message.shown_author().get());
        Self {
            id: message.id.get(),
            chat_id: chat,
            chat_id_again: chat,
            author_id: author,
            author_id_again: author,
            date: date(message.created_at, portal),
            text: message.text.clone(),
            is_system: message.kind != MessageKind::Post,
            uuid: message.uuid.clone(),
            forward: Forward::of(message, portal),
            params: params_or_list(&found.shown),
            viewed_by_others: found.views.count > 0,
            block: None,
            unread: found.shown.unread,
            viewed: found.views.own,
            viewed_count: found.views.count,
        }
    }
}

/// The message object of `im.v2.*` and `imbot.v2.*`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct V2Message {
    /// Its id.
    pub id: i64,
    /// Its chat.
    pub chat_id: i64,
    /// Its author; 0 for system messages and notices.
    pub author_id: i64,
    /// When it was sent.
    pub date: String,
    /// Text; empty when it is deleted.
    pub text: String,
    /// Whether it is a system message or a notice.
    pub is_system: bool,
    /// External id; empty for system messages and notices.
    pub uuid: String,
    /// Where a forwarded message comes from.
    pub forward: Option<Forward>,
    /// Attachments, keyboard, likes…
    pub params: Map<String, Value>,
    /// Whether anybody but the author viewed it.
    pub viewed_by_others: bool,
    /// What it is for the caller, in answers only.
    #[serde(flatten)]
    pub seen: Option<Seen>,
}

/// What a message is for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Seen {
    /// Whether it counts as unread.
    pub unread: bool,
    /// Whether it was viewed; own messages and notices always are.
    pub viewed: bool,
}

impl V2Message {
    /// The object of a message with its reactions.
    #[must_use]
    pub fn new(
        message: &Message,
        reactions: &[Reaction],
        viewed_by_others: bool,
        portal: &PortalContext,
    ) -> Self {
        Self {
            id: message.id.get(),
            chat_id: message.chat.get(),
            author_id: message.shown_author().get(),
            date: date(message.created_at, portal),
            text: message.text.clone(),
            is_system: message.kind != MessageKind::Post,
            uuid: message.uuid.clone().unwrap_or_default(),
            forward: Forward::of(message, portal),
            params: message_params::of(message, reactions),
            viewed_by_others,
            seen: None,
        }
    }

    /// The object of a message in an answer.
    #[must_use]
    pub fn in_answer(looked: &Looked, portal: &PortalContext) -> Self {
        let shown = &looked.shown;
        let message = Self::new(
            &shown.message,
            &shown.reactions,
            looked.viewed_by_others,
            portal,
        );
        Self {
            seen: Some(Seen {
                unread: shown.unread,
                viewed: looked.viewed,
            }),
            ..message
        }
    }
}

/// Where a forwarded message comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Forward {
    /// The original's id.
    pub id: i64,
    /// The original's author.
    pub user_id: i64,
    /// The original's chat.
    pub chat_id: i64,
    /// When the original was sent.
    pub date: String,
}

impl Forward {
    fn of(message: &Message, portal: &PortalContext) -> Option<Self> {
        message.params.origin.map(|origin| Self {
            id: origin.message.get(),
            user_id: origin.author.get(),
            chat_id: origin.chat.get(),
            date: date(origin.sent_at, portal),
        })
    }
}

/// The reactions to one message, as `im.dialog.messages.search` shows them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageReactions {
    /// The message.
    pub message_id: i64,
    /// How often each was given.
    pub reaction_counters: EmptyAsList<String, i64>,
    /// Who gave each.
    pub reaction_users: EmptyAsList<String, Vec<i64>>,
    /// Which ones the caller gave.
    pub own_reactions: Vec<String>,
}

impl MessageReactions {
    /// The reactions to a message; `None` if there are none.
    #[must_use]
    pub fn new(shown: &Shown, caller: i64) -> Option<Self> {
        let mut users: Vec<(String, Vec<i64>)> = Vec::new();
        for reaction in &shown.reactions {
            let user = reaction.user.get();
            match users.iter_mut().find(|(kind, _)| *kind == reaction.kind) {
                Some((_, users)) => users.push(user),
                None => users.push((reaction.kind.clone(), vec![user])),
            }
        }
        if users.is_empty() {
            return None;
        }
        let counters = users
            .iter()
            .map(|(kind, users)| (kind.clone(), users.len() as i64));
        let own = users.iter().filter(|(_, users)| users.contains(&caller));
        Some(Self {
            message_id: shown.message.id.get(),
            reaction_counters: counters.collect(),
            own_reactions: own.map(|(kind, _)| kind.clone()).collect(),
            reaction_users: EmptyAsList(users),
        })
    }
}

fn params_or_list(shown: &Shown) -> EmptyAsList<String, Value> {
    message_params::shown(shown).into_iter().collect()
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
