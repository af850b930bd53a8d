//! `im.dialog.get`: everything about one chat.

use std::collections::HashMap;

use readmark_model::{
    DialogId, MessageId, MessageKind, Policy, Role, Seq, UserId,
    chat::Chat,
    message::Viewed,
    user::User,
    view::{Reader, Viewer},
};
use readmark_store::{
    StoreError,
    repo::{
        counter, member, message, user,
        view::{self, Spectator},
    },
};

use crate::{
    Cx, Interrupt, Refused,
    access::{self, Access},
};

/// A chat of up to this many members shows how far each has read; a larger one shows this many latest readers.
pub const MAX_READERS: usize = 100;
/// How many of the earliest viewers of the last message are shown.
const FIRST_VIEWERS: usize = 5;

/// What `im.dialog.get` shows.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The chat and the membership.
    pub access: Access,
    /// Title, colour and avatar as shown to the acting user: a private chat shows the other user.
    pub face: Face,
    /// What the acting user may do.
    pub restrictions: Policy,
    /// How far the acting user has read.
    pub position: Position,
    /// How far the other members have viewed.
    pub readers: Vec<Reader>,
    /// Owner and managers.
    pub managers: Vec<UserId>,
    /// The first viewers of the last message.
    pub first_viewers: Vec<Viewer>,
    /// How many viewed the last message.
    pub viewer_count: i64,
}

/// How far a user has read a chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Unread messages.
    pub counter: i64,
    /// The first unread message, 0 for none.
    pub unread_id: MessageId,
    /// The last read message, 0 for none.
    pub last_id: MessageId,
    /// The message marked by `im.dialog.unread`, 0 for none.
    pub marked_id: MessageId,
}

/// How a chat looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// Name.
    pub name: String,
    /// Colour as `#rrggbb`.
    pub color: String,
    /// Path of the avatar, or empty.
    pub avatar: String,
}

/// No access, or no such chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAccess;

/// Describes a chat. For a guest of an open chat nothing counts.
///
/// # Errors
/// [`NoAccess`]; [`Rerun::Writing`](crate::Rerun::Writing) when a private chat is mentioned for the first time.
pub fn get(cx: &mut Cx<'_>, dialog: DialogId) -> Result<Detail, Refused<NoAccess>> {
    let access = access::look_at(cx, dialog)?.ok_or(Refused::Because(NoAccess))?;
    let chat = &access.chat;
    let role = access.role();
    let restrictions = Policy::of(chat.kind, &chat.entity.kind).for_role(&chat.permissions, role);
    let position = position(cx, &access)?;
    let last = message::find_by_seq(cx.tx, chat.id, chat.tail.last_message_seq)?
        .filter(|last| last.kind != MessageKind::Notice)
        .map(|last| last.as_viewed());
    let Audience {
        readers,
        managers,
        first_viewers,
        viewer_count,
    } = if chat.member_count <= MAX_READERS as i64 {
        small_audience(cx, chat, last)?
    } else {
        large_audience(cx, chat, last)?
    };
    let face = face(cx, &access.chat)?;
    Ok(Detail {
        face,
        restrictions,
        position,
        readers,
        managers,
        first_viewers,
        viewer_count,
        access,
    })
}

/// How far the acting user has read a chat: nothing is unread for a guest of an open one.
pub fn position(cx: &mut Cx<'_>, access: &Access) -> Result<Position, Interrupt> {
    let Some(member) = &access.member else {
        return Ok(Position::default());
    };
    let (chat, read) = (&access.chat, member.read);
    let standing = counter::find_standing(cx.tx, chat.id, cx.user, read.cursor, &chat.tail)?;
    let mut position = Position {
        counter: cx.rules.cap(standing.counter),
        unread_id: standing.first_unread,
        last_id: standing.last_read,
        ..Position::default()
    };
    if read.marked > Seq::ZERO {
        position.marked_id = message::find_at_or_after(cx.tx, chat.id, read.marked)?
            .map(|place| place.id)
            .unwrap_or_default();
    }
    Ok(position)
}

/// How the chat looks to the acting user.
fn face(cx: &mut Cx<'_>, chat: &Chat) -> Result<Face, Interrupt> {
    let peer = match chat.peer_of(cx.user) {
        Some(peer) => user::find(cx.tx, peer)?,
        None => None,
    };
    Ok(Face::new(chat, peer.as_ref()))
}

impl Face {
    /// A private chat takes the other user's appearance; any other has its own.
    #[must_use]
    pub fn new(chat: &Chat, peer: Option<&User>) -> Self {
        match peer {
            Some(peer) => Self {
                name: peer.full_name(),
                color: peer.color.clone(),
                avatar: peer.avatar.clone(),
            },
            None => Self {
                name: chat.title.clone(),
                color: chat.color.clone(),
                avatar: chat.avatar.clone(),
            },
        }
    }
}

/// The readers of a chat.
struct Audience {
    readers: Vec<Reader>,
    managers: Vec<UserId>,
    first_viewers: Vec<Viewer>,
    viewer_count: i64,
}

/// The audience of a chat of up to [`MAX_READERS`] members. One statement loads nearly all of it: a view ends with a message
/// that its user could view, so only members for whom that message was since deleted need another look.
fn small_audience(
    cx: &mut Cx<'_>,
    chat: &Chat,
    last: Option<Viewed>,
) -> Result<Audience, StoreError> {
    let spectators = view::list_spectators(cx.tx, chat.id)?;
    let managers = spectators
        .iter()
        .filter(|spectator| spectator.role >= Role::Manager)
        .map(|spectator| spectator.user)
        .collect();
    let (first_viewers, viewer_count) = match last {
        None => (Vec::new(), 0),
        Some(last) => match viewers_among(&spectators, last) {
            Some(viewers) => viewers,
            None => viewers_of(cx, last)?,
        },
    };
    let me = cx.user;
    let shows = |spectator: &Spectator| {
        spectator.user != me && !spectator.hidden && spectator.viewed > Seq::ZERO
    };
    let mut seqs: Vec<Seq> = spectators
        .iter()
        .filter(|spectator| shows(spectator))
        .map(|spectator| spectator.viewed)
        .collect();
    seqs.sort_unstable();
    seqs.dedup();
    let ids: HashMap<Seq, MessageId> = message::list_ids(cx.tx, chat.id, &seqs)?
        .into_iter()
        .collect();
    let mut readers = Vec::with_capacity(spectators.len());
    for spectator in spectators {
        if spectator.user == me {
            continue;
        }
        let viewed = if shows(&spectator) {
            let at = spectator.last.map(|(_, at)| at);
            let at = at.filter(|_| spectator.viewed >= spectator.visible_from);
            match ids.get(&spectator.viewed).copied().zip(at) {
                Some(viewed) => Some(viewed),
                None => view::find_reader(cx.tx, chat.id, spectator.user)?
                    .and_then(|reader| reader.viewed),
            }
        } else {
            None
        };
        readers.push(Reader {
            user: spectator.user,
            name: spectator.name,
            viewed,
        });
    }
    Ok(Audience {
        readers,
        managers,
        first_viewers,
        viewer_count,
    })
}

/// The first viewers of a chat's last message and the total number; `None` if the last views are not enough: later messages
/// were deleted, and somebody viewed these separately.
fn viewers_among(spectators: &[Spectator], last: Viewed) -> Option<(Vec<Viewer>, i64)> {
    let mut viewers = Vec::new();
    for spectator in spectators {
        let may_be = spectator.user != last.author
            && !spectator.hidden
            && spectator.visible_from <= last.seq;
        if !may_be || spectator.viewed < last.seq {
            continue;
        }
        let (_, at) = spectator.last.filter(|(from, _)| *from <= last.seq)?;
        viewers.push((at, spectator));
    }
    viewers.sort_unstable_by_key(|(at, spectator)| (*at, spectator.user));
    let count = viewers.len() as i64;
    let first = viewers
        .into_iter()
        .take(FIRST_VIEWERS)
        .map(|(at, spectator)| Viewer {
            user: spectator.user,
            name: spectator.name.clone(),
            avatar: spectator.avatar.clone(),
            at,
        });
    Some((first.collect(), count))
}

/// The audience of a chat of any size.
fn large_audience(
    cx: &mut Cx<'_>,
    chat: &Chat,
    last: Option<Viewed>,
) -> Result<Audience, StoreError> {
    let (first_viewers, viewer_count) = match last {
        None => (Vec::new(), 0),
        Some(last) => viewers_of(cx, last)?,
    };
    Ok(Audience {
        readers: view::list_latest_readers(cx.tx, chat.id, cx.user, MAX_READERS)?,
        managers: member::list_manager_ids(cx.tx, chat.id)?,
        first_viewers,
        viewer_count,
    })
}

/// The first viewers of a message and their total.
fn viewers_of(cx: &mut Cx<'_>, of: Viewed) -> Result<(Vec<Viewer>, i64), StoreError> {
    let count = view::count(cx.tx, of)?;
    let first = if count > 0 {
        view::list_first(cx.tx, of, FIRST_VIEWERS as i64)?
    } else {
        Vec::new()
    };
    Ok((first, count))
}
