//! `im.dialog.get`: everything about one chat.

use readmark_model::{DialogId, MessageId, Policy, Seq};
use readmark_store::repo::{
    chat::Chat,
    counter, member, message,
    user::{self, User},
    view::{self, Reader, Viewed, Viewer},
};

use crate::{
    Cx, Fault, Refused,
    access::{self, Access},
    dialog::{last_read_id, shown_counter},
};

/// A chat of up to this many members shows how far each has read; a larger one its latest readers, as many.
pub const MAX_READERS: usize = 100;
/// So many of the earliest viewers of the last message are shown.
const FIRST_VIEWERS: i64 = 5;

/// What `im.dialog.get` shows.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The chat and the membership.
    pub access: Access,
    /// Title, colour and avatar as shown to the one who acts: a private chat shows the other user.
    pub face: Face,
    /// What the one who acts may do.
    pub restrictions: Policy,
    /// How far the one who acts has read.
    pub position: Position,
    /// How far the other members have viewed.
    pub readers: Vec<Reader>,
    /// Owner and managers.
    pub managers: Vec<readmark_model::UserId>,
    /// The first viewers of the last message.
    pub first_viewers: Vec<Viewer>,
    /// How many viewed the last message.
    pub viewer_count: i64,
}

/// How far somebody has read a chat.
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

/// Looks at a chat. A guest of an open chat sees it uncounted.
///
/// # Errors
/// [`NoAccess`]; [`Fault::NeedsWrite`] when a private chat is mentioned for the first time.
pub fn get(cx: &mut Cx<'_>, dialog: DialogId) -> Result<Detail, Refused<NoAccess>> {
    let access = access::look_at(cx, dialog)?.ok_or(Refused::Because(NoAccess))?;
    let chat = &access.chat;
    let role = access.role();
    let restrictions = Policy::of(chat.kind, &chat.entity.kind).for_role(&chat.permissions, role);
    let position = position(cx, &access)?;
    let readers = if chat.member_count <= MAX_READERS as i64 {
        view::list_readers(cx.tx, chat.id, cx.user)?
    } else {
        view::list_latest_readers(cx.tx, chat.id, cx.user, MAX_READERS)?
    };
    let managers = member::list_manager_ids(cx.tx, chat.id)?;
    let (first_viewers, viewer_count) = last_message_views(cx, &access)?;
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

/// How far the one who acts has read a chat: nothing is unread for a guest of an open one.
///
/// # Errors
/// When the store fails.
pub fn position(cx: &mut Cx<'_>, access: &Access) -> Result<Position, Fault> {
    let Some(member) = &access.member else {
        return Ok(Position::default());
    };
    let (chat, read) = (&access.chat, member.read);
    let counter = shown_counter(cx, chat.id, read.cursor, &chat.tail)?;
    let mut position = Position {
        counter,
        last_id: last_read_id(cx, chat.id, read.cursor, &chat.tail)?,
        ..Position::default()
    };
    if counter > 0 {
        position.unread_id =
            counter::find_first_unread(cx.tx, chat.id, cx.user, read.cursor)?.unwrap_or_default();
    }
    if read.marked > Seq::ZERO {
        position.marked_id = message::find_at_or_after(cx.tx, chat.id, read.marked)?
            .map(|place| place.id)
            .unwrap_or_default();
    }
    Ok(position)
}

/// How the chat looks to the one who acts.
fn face(cx: &mut Cx<'_>, chat: &Chat) -> Result<Face, Fault> {
    let peer = match chat.peer_of(cx.user) {
        Some(peer) => user::find(cx.tx, peer)?,
        None => None,
    };
    Ok(Face::new(chat, peer.as_ref()))
}

impl Face {
    /// A private chat looks like the other user, any other like itself.
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

fn last_message_views(cx: &mut Cx<'_>, access: &Access) -> Result<(Vec<Viewer>, i64), Fault> {
    let tail = access.chat.tail;
    let Some(last) = message::find_by_seq(cx.tx, access.chat.id, tail.last_message_seq)? else {
        return Ok((Vec::new(), 0));
    };
    let of = Viewed {
        chat: last.chat,
        seq: last.seq,
        author: last.author,
        created_at: last.created_at,
    };
    if !last.is_viewable_by(readmark_model::UserId(0)) {
        return Ok((Vec::new(), 0));
    }
    let count = view::count(cx.tx, of)?;
    let first = if count > 0 {
        view::list_first(cx.tx, of, FIRST_VIEWERS)?
    } else {
        Vec::new()
    };
    Ok((first, count))
}
