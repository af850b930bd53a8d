//! Resolving dialog ids to chats, and the acting user's role there.

use readmark_model::{
    ChatId, ChatKind, DialogId, Event, ReadState, Role, Seq, UserId,
    chat::{Chat, Entity},
    member::Member,
};
use readmark_store::repo::{
    chat::{self, NewChat},
    member::{self, NewMember},
    user,
};

use crate::{Cx, Interrupt, Rerun};

/// The entity type of a workgroup's chat.
pub const WORKGROUP: &str = "SONET_GROUP";

/// A chat that the acting user may see.
#[derive(Clone, Debug)]
pub struct Access {
    /// The chat.
    pub chat: Chat,
    /// The membership, or `None` for a guest of an open chat.
    pub member: Option<Member>,
}

impl Access {
    /// The acting user's role in the chat.
    #[must_use]
    pub fn role(&self) -> Role {
        self.member
            .as_ref()
            .map_or(Role::Guest, |member| member.role)
    }
}

/// The chat that a dialog id names. Access is not checked here, except that a private chat is only found, or created on first
/// mention, if the acting user may see its other user.
///
/// # Errors
/// [`Rerun::Writing`] when the private chat must be made and the transaction only reads.
pub fn resolve(cx: &mut Cx<'_>, dialog: DialogId) -> Result<Option<ChatId>, Interrupt> {
    match dialog {
        DialogId::Chat(id) => Ok(Some(id)),
        DialogId::Workgroup(id) => Ok(chat::find_by_entity(cx.tx, WORKGROUP, &id.to_string())?),
        DialogId::User(peer) => private(cx, peer),
    }
}

/// Whether the acting user may see a user: everybody of the portal; an extranet user only those of shared chats.
pub fn may_see_user(cx: &mut Cx<'_>, other: UserId) -> Result<bool, Interrupt> {
    let me = cx.user;
    Ok(!cx.is_extranet() || other == me || member::share_chat(cx.tx, me, other)?)
}

/// The private chat with `peer`, created empty on first mention; `None` when there is no such visible user.
fn private(cx: &mut Cx<'_>, peer: UserId) -> Result<Option<ChatId>, Interrupt> {
    let me = cx.user;
    if let Some(id) = chat::find_private(cx.tx, me, peer)? {
        return Ok(Some(id));
    }
    if user::find(cx.tx, peer)?.is_none() || !may_see_user(cx, peer)? {
        return Ok(None);
    }
    if !cx.writable {
        return Err(Interrupt::Rerun(Rerun::Writing));
    }
    let pair = (me.min(peer), me.max(peer));
    let made = chat::insert(
        cx.tx,
        &NewChat {
            kind: ChatKind::Private,
            title: "",
            description: "",
            color: "",
            avatar: "",
            owner: me,
            pair: Some(pair),
            entity: &Entity::default(),
            now: cx.now,
        },
    )?;
    let Some(id) = made else {
        return Ok(chat::find_private(cx.tx, me, peer)?);
    };
    let read = ReadState::joined(Seq::ZERO, true, Seq::ZERO);
    let mut extranet = 0;
    let users = if me == peer { vec![me] } else { vec![me, peer] };
    for &user in &users {
        member::insert(
            cx.tx,
            &NewMember {
                user,
                chat: id,
                role: Role::Member,
                read,
                now: cx.now,
            },
        )?;
        extranet += i64::from(user::find(cx.tx, user)?.is_some_and(|user| user.extranet));
    }
    chat::count_members(cx.tx, id, i64::try_from(users.len()).unwrap_or(2), extranet)?;
    cx.record(Event::PrivateChatAdded { chat: id, by: me });
    Ok(Some(id))
}

/// A chat with the membership of the acting user; `None` without access: no such chat, or neither a member of it nor an
/// intranet user before an open chat.
pub fn look(cx: &mut Cx<'_>, id: ChatId) -> Result<Option<Access>, Interrupt> {
    let Some((chat, member)) = member::find_with_chat(cx.tx, id, cx.user)? else {
        return Ok(None);
    };
    let allowed = member.is_some() || chat.kind.is_open() && !cx.is_extranet();
    Ok(allowed.then_some(Access { chat, member }))
}

/// [`resolve`] followed by [`look`].
///
/// # Errors
/// As these.
pub fn look_at(cx: &mut Cx<'_>, dialog: DialogId) -> Result<Option<Access>, Interrupt> {
    match resolve(cx, dialog)? {
        Some(id) => look(cx, id),
        None => Ok(None),
    }
}
