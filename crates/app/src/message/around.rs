//! One message, with or without its context: `imbot.v2.Chat.Message.get`, `imbot.v2.Chat.Message.getContext`.

use std::collections::BTreeSet;

use readmark_model::{MessageId, MessageKind, UserId, message::Message, user::User};
use readmark_store::repo::{message, view};

use super::show::{self, Shown};
use crate::{
    Cx, Interrupt, Refused,
    access::{self, Access},
};

/// A message as the acting user sees it, and whether it was viewed.
#[derive(Clone, Debug)]
pub struct Looked {
    /// The message.
    pub shown: Shown,
    /// Whether the acting user viewed it; true for own messages and notices.
    pub viewed: bool,
    /// Whether anybody but the author viewed it; members who hide receipts are left out.
    pub viewed_by_others: bool,
}

/// A message and those around it.
#[derive(Clone, Debug)]
pub struct Context {
    /// Oldest first.
    pub messages: Vec<Looked>,
    /// Their authors, in id order.
    pub authors: Vec<User>,
    /// Whether there are earlier ones.
    pub has_earlier: bool,
    /// Whether there are later ones.
    pub has_later: bool,
}

/// Why no message is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookRefusal {
    /// There is no such message.
    NotFound,
    /// The acting user is not a member of its chat, or the message lies in the history hidden from them.
    NoAccess,
}

/// One message of a chat that the acting user is a member of, and its author; system messages and notices have none.
///
/// # Errors
/// [`LookRefusal`].
pub fn get(cx: &mut Cx<'_>, id: MessageId) -> Result<(Looked, Option<User>), Refused<LookRefusal>> {
    let (message, access) = find(cx, id)?;
    let author = show::users(cx, author_of(&message))?.pop();
    let mut messages = look(cx, &access, vec![message])?;
    let looked = messages
        .pop()
        .ok_or(Refused::Because(LookRefusal::NotFound))?;
    Ok((looked, author))
}

/// A message with up to `range` messages before it and as many after it. Includes tombstones.
///
/// # Errors
/// [`LookRefusal`].
pub fn context(
    cx: &mut Cx<'_>,
    id: MessageId,
    range: i64,
) -> Result<Context, Refused<LookRefusal>> {
    let (middle, access) = find(cx, id)?;
    let (chat, seq) = (middle.chat, middle.seq);
    let from = show::visible_from(&access);
    let mut messages = message::list_before(cx.tx, chat, from, seq, range + 1)?;
    let has_earlier = cut(&mut messages, range);
    messages.reverse();
    messages.push(middle);
    let mut later = message::list_after(cx.tx, chat, seq, range + 1)?;
    let has_later = cut(&mut later, range);
    messages.append(&mut later);
    let ids: BTreeSet<UserId> = messages.iter().filter_map(author_of).collect();
    Ok(Context {
        authors: show::users(cx, ids)?,
        messages: look(cx, &access, messages)?,
        has_earlier,
        has_later,
    })
}

/// Keeps the first `most` messages; returns whether there were more.
fn cut(messages: &mut Vec<Message>, most: i64) -> bool {
    let most = usize::try_from(most).unwrap_or(0);
    let more = messages.len() > most;
    messages.truncate(most);
    more
}

fn find(cx: &mut Cx<'_>, id: MessageId) -> Result<(Message, Access), Refused<LookRefusal>> {
    let message = message::find(cx.tx, id)?.ok_or(Refused::Because(LookRefusal::NotFound))?;
    let access = access::look(cx, message.chat)?
        .filter(|access| access.member.is_some() && message.seq >= show::visible_from(access))
        .ok_or(Refused::Because(LookRefusal::NoAccess))?;
    Ok((message, access))
}

fn author_of(message: &Message) -> Option<UserId> {
    Some(message.shown_author()).filter(|author| *author != UserId(0))
}

fn look(
    cx: &mut Cx<'_>,
    access: &Access,
    messages: Vec<Message>,
) -> Result<Vec<Looked>, Interrupt> {
    let mut looked = Vec::with_capacity(messages.len());
    for shown in show::show(cx, access, messages)? {
        let message = &shown.message;
        let viewed = !message.is_viewable_by(cx.user)
            || view::has_viewed(cx.tx, message.chat, cx.user, message.seq)?;
        let viewed_by_others =
            message.kind != MessageKind::Notice && view::exists(cx.tx, message.as_viewed())?;
        looked.push(Looked {
            viewed,
            viewed_by_others,
            shown,
        });
    }
    Ok(looked)
}
