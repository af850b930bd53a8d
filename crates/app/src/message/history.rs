//! Paging through the messages of a chat (`im.dialog.messages.get`).

use std::collections::BTreeSet;

use readmark_model::{ChatId, DialogId, MessageId, Seq, UserId, message::Message, user::User};
use readmark_store::repo::message;

use super::show::{self, Shown};
use crate::{
    Cx, Interrupt, Refused,
    access::{self, Access},
};

/// Which messages to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Only messages before this one.
    pub before: Option<MessageId>,
    /// Only messages after this one; 0 is before the first one.
    pub after: Option<MessageId>,
    /// At most so many.
    pub limit: i64,
}

/// A page of messages.
#[derive(Clone, Debug)]
pub struct History {
    /// The chat.
    pub chat: ChatId,
    /// Newest first; oldest first if only [`Page::after`] is given.
    pub messages: Vec<Shown>,
    /// Authors, mentioned users and those who reacted, in id order.
    pub users: Vec<User>,
}

/// No access, or no such chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAccess;

/// Lists the messages nearest to the given bounds, or the latest ones. A bound that is not a visible message of the chat
/// gives no messages; a deleted one still marks its place, so that paging does not break.
///
/// # Errors
/// [`NoAccess`]; [`Rerun::Writing`](crate::Rerun::Writing) when a private chat is mentioned for the first time.
pub fn list(cx: &mut Cx<'_>, dialog: DialogId, page: Page) -> Result<History, Refused<NoAccess>> {
    let access = access::look_at(cx, dialog)?.ok_or(Refused::Because(NoAccess))?;
    let messages = page_of(cx, &access, page)?.unwrap_or_default();
    let messages = show::show(cx, &access, messages)?;
    let users = users(cx, &messages)?;
    Ok(History {
        chat: access.chat.id,
        messages,
        users,
    })
}

fn page_of(
    cx: &mut Cx<'_>,
    access: &Access,
    page: Page,
) -> Result<Option<Vec<Message>>, Interrupt> {
    let chat = access.chat.id;
    let mut from = show::visible_from(access);
    if let Some(id) = page.after {
        let Some(gap) = locate(cx, access, id)? else {
            return Ok(None);
        };
        from = from.max(gap.after);
    }
    if let (None, Some(_)) = (page.before, page.after) {
        let after = from.prev();
        return Ok(Some(message::list_after(cx.tx, chat, after, page.limit)?));
    }
    let mut before = access.chat.tail.last_seq.next();
    if let Some(id) = page.before {
        let Some(gap) = locate(cx, access, id)? else {
            return Ok(None);
        };
        before = gap.before;
    }
    let messages = message::list_before(cx.tx, chat, from, before, page.limit)?;
    Ok(Some(messages))
}

/// The position of an id among the seqs of a chat.
struct Gap {
    /// Everything with a lower seq is before the id.
    before: Seq,
    /// Everything from this seq on is after it.
    after: Seq,
}

fn locate(cx: &mut Cx<'_>, access: &Access, id: MessageId) -> Result<Option<Gap>, Interrupt> {
    let chat = &access.chat;
    if id == MessageId(0) {
        return Ok(Some(Gap {
            before: Seq(1),
            after: Seq(1),
        }));
    }
    if id < MessageId(0) || id > chat.tail.last_message {
        return Ok(None);
    }
    if let Some(message) = message::find(cx.tx, id)? {
        let visible = message.chat == chat.id && message.seq >= show::visible_from(access);
        return Ok(visible.then(|| Gap {
            before: message.seq,
            after: message.seq.next(),
        }));
    }
    let below = message::find_at_or_below_id(cx.tx, chat.id, id, chat.tail.last_seq)?;
    let next = below.map_or(Seq(1), |place| place.seq.next());
    Ok(Some(Gap {
        before: next,
        after: next,
    }))
}

fn users(cx: &mut Cx<'_>, messages: &[Shown]) -> Result<Vec<User>, Interrupt> {
    let mut users = show::people(cx, messages.iter().map(|shown| &shown.message))?;
    let known: BTreeSet<UserId> = users.iter().map(|user| user.id).collect();
    let reactors: BTreeSet<UserId> = messages
        .iter()
        .flat_map(|shown| &shown.reactions)
        .map(|reaction| reaction.user)
        .filter(|user| !known.contains(user))
        .collect();
    users.extend(show::users(cx, reactors)?);
    users.sort_by_key(|user| user.id);
    Ok(users)
}
