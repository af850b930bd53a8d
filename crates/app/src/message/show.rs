//! Messages as shown to the acting user.

use std::collections::BTreeSet;

use readmark_model::{
    MessageKind, Seq, UserId,
    message::Message,
    reaction::Reaction,
    text::{self, Mention},
    user::User,
};
use readmark_store::repo::{reaction, user, view};

use crate::{
    Cx, Interrupt,
    access::{self, Access},
};

/// The most users that are shown with a page of messages only because they are mentioned.
const MAX_MENTIONED: usize = 200;

/// A message as the acting user sees it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The message.
    pub message: Message,
    /// Whether it counts for the acting user (rule R2); never for a guest.
    pub unread: bool,
    /// Reactions, oldest first.
    pub reactions: Vec<Reaction>,
}

/// How a message was viewed (rule R13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Views {
    /// Whether the acting user viewed it; true for own messages and notices.
    pub own: bool,
    /// The exact number of viewers.
    pub count: i64,
}

/// The first seq of a chat that the acting user may see; a guest of an open chat sees all.
#[must_use]
pub fn visible_from(access: &Access) -> Seq {
    access
        .member
        .as_ref()
        .map_or(Seq(1), |member| member.read.visible_from)
}

/// Whether a message counts for the acting user (rule R2).
#[must_use]
pub fn is_unread(message: &Message, access: &Access, user: UserId) -> bool {
    access
        .member
        .as_ref()
        .is_some_and(|member| message.seq > member.read.cursor)
        && message.is_viewable_by(user)
}

/// Messages of one chat with what belongs to them.
pub fn show(
    cx: &mut Cx<'_>,
    access: &Access,
    messages: Vec<Message>,
) -> Result<Vec<Shown>, Interrupt> {
    messages
        .into_iter()
        .map(|message| {
            Ok(Shown {
                unread: is_unread(&message, access, cx.user),
                reactions: reaction::list(cx.tx, message.id)?,
                message,
            })
        })
        .collect()
}

/// Who viewed a message, in numbers. Costs what was viewed since, or one look-up a member where that is less.
pub fn views(cx: &mut Cx<'_>, access: &Access, message: &Message) -> Result<Views, Interrupt> {
    if message.kind == MessageKind::Notice {
        return Ok(Views {
            own: true,
            count: 0,
        });
    }
    let (chat, of) = (message.chat, message.as_viewed());
    let own = message.author == cx.user || view::has_viewed(cx.tx, chat, cx.user, message.seq)?;
    let members = access.chat.member_count;
    let count = if view::has_more_since(cx.tx, chat, message.created_at, members)? {
        view::count_by_members(cx.tx, of)?
    } else {
        view::count(cx.tx, of)?
    };
    Ok(Views { own, count })
}

/// The authors of messages and the users that their texts mention, in id order. Authors are shown to everybody who sees the
/// message; extranet users see mentioned users of shared chats only.
pub fn people<'a>(
    cx: &mut Cx<'_>,
    messages: impl Iterator<Item = &'a Message> + Clone,
) -> Result<Vec<User>, Interrupt> {
    let mut ids: BTreeSet<UserId> = messages.clone().map(Message::shown_author).collect();
    ids.remove(&UserId(0));
    let mut mentioned = BTreeSet::new();
    for mention in messages.flat_map(|message| text::mentions(&message.text)) {
        if mentioned.len() == MAX_MENTIONED {
            break;
        }
        if let Mention::User(id) = mention
            && !ids.contains(&id)
        {
            mentioned.insert(id);
        }
    }
    for id in mentioned {
        if access::may_see_user(cx, id)? {
            ids.insert(id);
        }
    }
    users(cx, ids)
}

/// Users by id, in the order given; unknown ones are left out.
pub fn users(
    cx: &mut Cx<'_>,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<Vec<User>, Interrupt> {
    let mut users = Vec::new();
    for id in ids {
        users.extend(user::find(cx.tx, id)?);
    }
    Ok(users)
}
