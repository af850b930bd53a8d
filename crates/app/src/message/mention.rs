//! Mentions in messages, and a user's counter of unread ones.
//!
//! They follow the text: an edit that takes a mention out takes it from the counter, and a deleted message mentions nobody.
//! Notices name people without addressing them, so they are not indexed.

use readmark_model::{ChatId, DialogId, MessageId, UserId, message::Message, text, user::User};
use readmark_store::{
    StoreError, Tx,
    repo::{
        mention::{self, FoundMention, MentionFilter, MentionSource},
        message::{self, Place},
        reaction,
    },
};

use super::show::{self, Shown};
use crate::{
    Cx, Interrupt, Refused,
    access::{self, Access},
};

/// Indexes the mentions of a message's text. Free for a text without BB codes.
pub(crate) fn index(
    tx: &mut dyn Tx,
    chat: ChatId,
    place: Place,
    author: UserId,
    text: &str,
) -> Result<(), StoreError> {
    if !text.contains('[') {
        return Ok(());
    }
    let by = MentionSource {
        chat,
        seq: place.seq,
        message: place.id,
        author,
    };
    mention::insert(tx, &by, &text::mentions(text))
}

/// Removes the mentions of a message that is deleted.
pub(crate) fn unindex(cx: &mut Cx<'_>, message: &Message) -> Result<(), StoreError> {
    if text::mentions(&message.text).is_empty() {
        return Ok(());
    }
    mention::delete(cx.tx, message.chat, message.seq)
}

/// Replaces the mentions of a message with those of its new text.
pub(crate) fn reindex(cx: &mut Cx<'_>, message: &Message, text: &str) -> Result<(), StoreError> {
    unindex(cx, message)?;
    let place = Place {
        id: message.id,
        seq: message.seq,
    };
    index(cx.tx, message.chat, place, message.author, text)
}

/// How many unread messages mention the acting user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counters {
    /// In all chats that are not hidden.
    pub total: i64,
    /// In each chat that has any, in id order.
    pub by_chat: Vec<(ChatId, i64)>,
}

/// Counts the unread messages of others that name the acting user, or everybody. They are read with their chat (rules R1, R2);
/// muted chats count, as a mention is meant to get through; hidden ones do not (rule R10).
pub fn count(cx: &mut Cx<'_>) -> Result<Counters, Interrupt> {
    let by_chat = mention::count_unread(cx.tx, cx.user)?;
    Ok(Counters {
        total: by_chat.iter().map(|(_, unread)| unread).sum(),
        by_chat,
    })
}

/// Which mentions are listed: of a user or of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mentioned {
    /// Those of the acting user.
    Me,
    /// Those of a chat.
    Chat(DialogId),
}

/// What to list.
#[derive(Clone, Copy, Debug)]
pub struct Query {
    /// Whose.
    pub mentioned: Mentioned,
    /// Only in this dialog.
    pub within: Option<DialogId>,
    /// Only unread ones.
    pub unread_only: bool,
    /// Only before this message.
    pub before: Option<MessageId>,
    /// At most so many.
    pub limit: i64,
}

/// A page of messages with mentions.
#[derive(Clone, Debug)]
pub struct Page {
    /// The newest first.
    pub messages: Vec<Shown>,
    /// Authors and mentioned users, in id order.
    pub users: Vec<User>,
    /// Whether there are more.
    pub has_more: bool,
}

/// No access, or no such chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAccess;

/// Lists messages in the acting user's chats that mention the user, or a chat that the user may see.
///
/// # Errors
/// [`NoAccess`] to one of the dialogs; [`Rerun::Writing`](crate::Rerun::Writing) when a private chat is mentioned for the first time.
pub fn list(cx: &mut Cx<'_>, query: &Query) -> Result<Page, Refused<NoAccess>> {
    let within = match query.within {
        Some(dialog) => Some(look(cx, dialog)?.chat.id),
        None => None,
    };
    let filter = MentionFilter {
        chat: within,
        unread_only: query.unread_only,
        before: query.before,
        limit: query.limit.saturating_add(1),
    };
    let mut listed = match query.mentioned {
        Mentioned::Me => mention::list(cx.tx, cx.user, &filter)?,
        Mentioned::Chat(dialog) => {
            let mentioned = look(cx, dialog)?.chat.id;
            mention::list_of_chat(cx.tx, cx.user, mentioned, &filter)?
        }
    };
    let has_more = listed.len() as i64 > query.limit;
    listed.truncate(usize::try_from(query.limit).unwrap_or(0));
    let messages = listed
        .iter()
        .map(|listed| shown(cx, listed))
        .collect::<Result<Vec<_>, Interrupt>>()?;
    let users = show::people(cx, messages.iter().map(|shown| &shown.message))?;
    Ok(Page {
        messages,
        users,
        has_more,
    })
}

fn look(cx: &mut Cx<'_>, dialog: DialogId) -> Result<Access, Refused<NoAccess>> {
    access::look_at(cx, dialog)?.ok_or(Refused::Because(NoAccess))
}

fn shown(cx: &mut Cx<'_>, listed: &FoundMention) -> Result<Shown, Interrupt> {
    let message = message::find(cx.tx, listed.message)?
        .ok_or(StoreError::Decode("a message that mentions is missing"))?;
    Ok(Shown {
        unread: listed.unread && message.is_viewable_by(cx.user),
        reactions: reaction::list(cx.tx, message.id)?,
        message,
    })
}
