//! Recent picks from search results: `im.search.last.*`.

use readmark_model::{DialogId, user::User};
use readmark_store::repo::{
    search_pick::{self, Pick},
    user,
};

use super::chats::OPEN_CHANNEL;
use crate::{
    Cx, Interrupt,
    access::{self, Access},
};

/// How many picks of a user are kept.
pub const MAX_PICKS: i64 = 30;

/// Puts a dialog before the other picks of the acting user. `false`, and nothing changes, when there is no such dialog that the
/// acting user may look into.
pub fn add(cx: &mut Cx<'_>, dialog: DialogId) -> Result<bool, Interrupt> {
    let Some(pick) = pick(cx, dialog)? else {
        return Ok(false);
    };
    let visible = match pick {
        Pick::Chat(id) => access::look(cx, id)?.is_some(),
        Pick::User(id) => user::find(cx.tx, id)?.is_some() && access::may_see_user(cx, id)?,
    };
    if visible {
        // Serialises the picks of one user, so that each gets its own position.
        user::lock_exclusive(cx.tx, cx.user)?;
        search_pick::put(cx.tx, cx.user, pick, MAX_PICKS)?;
    }
    Ok(visible)
}

/// Forgets a pick; `false` when there was none.
pub fn delete(cx: &mut Cx<'_>, dialog: DialogId) -> Result<bool, Interrupt> {
    match pick(cx, dialog)? {
        Some(pick) => Ok(search_pick::delete(cx.tx, cx.user, pick)?),
        None => Ok(false),
    }
}

/// What a dialog is remembered as: a private chat as the other user, whichever way it is named.
fn pick(cx: &mut Cx<'_>, dialog: DialogId) -> Result<Option<Pick>, Interrupt> {
    let id = match dialog {
        DialogId::User(id) => return Ok(Some(Pick::User(id))),
        DialogId::Chat(id) => id,
        DialogId::Workgroup(_) => match access::resolve(cx, dialog)? {
            Some(id) => id,
            None => return Ok(None),
        },
    };
    let peer = match access::look(cx, id)? {
        Some(access) => access.chat.peer_of(cx.user),
        None => None,
    };
    Ok(Some(peer.map_or(Pick::Chat(id), Pick::User)))
}

/// Which picks are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Chats of open channels.
    pub open_channels: bool,
    /// Other chats.
    pub chats: bool,
    /// Users.
    pub users: bool,
}

/// A pick with its present data.
#[derive(Clone, Debug)]
pub enum Picked {
    /// A chat.
    Chat(Box<Access>),
    /// A user.
    User(Box<User>),
}

/// The picks of the acting user, the latest first, without those that cannot be looked into any more.
pub fn list(cx: &mut Cx<'_>, skipped: Skipped) -> Result<Vec<Picked>, Interrupt> {
    let mut picked = Vec::new();
    for pick in search_pick::list(cx.tx, cx.user)? {
        match pick {
            Pick::Chat(id) => {
                let access = access::look(cx, id)?;
                let kept = access.filter(|access| {
                    if access.chat.entity.kind == OPEN_CHANNEL {
                        !skipped.open_channels
                    } else {
                        !skipped.chats
                    }
                });
                picked.extend(kept.map(|access| Picked::Chat(Box::new(access))));
            }
            Pick::User(id) if !skipped.users && access::may_see_user(cx, id)? => {
                let user = user::find(cx.tx, id)?;
                picked.extend(user.map(|user| Picked::User(Box::new(user))));
            }
            Pick::User(_) => {}
        }
    }
    Ok(picked)
}
