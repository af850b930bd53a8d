//! Members of a chat: `im.chat.user.list`, `im.dialog.users.list`, `imbot.v2.Chat.User.list`.

use readmark_model::{ChatId, DialogId, UserId, user::User};
use readmark_store::repo::{chat, member, user};
pub use readmark_store::repo::{member::MemberOrder, user::MemberPage};

use crate::{Cx, Interrupt, Refused, access, message::show};

/// The ids of a chat's members; empty for who may not look into it, `None` when there is no such chat.
pub fn list_ids(cx: &mut Cx<'_>, id: ChatId) -> Result<Option<Vec<UserId>>, Interrupt> {
    if chat::find(cx.tx, id)?.is_none() {
        return Ok(None);
    }
    let access = access::look(cx, id)?;
    Ok(Some(if access.is_some() {
        member::list_user_ids(cx.tx, id)?
    } else {
        Vec::new()
    }))
}

/// A page of members.
#[derive(Clone, Debug)]
pub struct People {
    /// In id order.
    pub users: Vec<User>,
    /// Total number on all pages.
    pub total: i64,
    /// Whether more follow.
    pub has_more: bool,
}

/// The first members of a chat in an order, or with `descending` the last ones. The acting user's access is not checked.
pub fn list_first(
    cx: &mut Cx<'_>,
    id: ChatId,
    order: MemberOrder,
    descending: bool,
    limit: i64,
) -> Result<Vec<User>, Interrupt> {
    let ids = member::list_ordered_ids(cx.tx, id, order, descending, limit)?;
    show::users(cx, ids)
}

/// Why members are not listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeopleRefusal {
    /// The dialog names no chat or user.
    NoDialog,
    /// The acting user may not see the chat.
    NoAccess,
}

/// A page of a dialog's members. It costs one look-up per member listed and one index entry per member skipped, whatever the
/// size of the chat.
///
/// # Errors
/// [`PeopleRefusal`].
pub fn list(
    cx: &mut Cx<'_>,
    dialog: DialogId,
    page: MemberPage,
) -> Result<People, Refused<PeopleRefusal>> {
    let id = access::resolve(cx, dialog)?.ok_or(Refused::Because(PeopleRefusal::NoDialog))?;
    let access = access::look(cx, id)?.ok_or(Refused::Because(PeopleRefusal::NoAccess))?;
    let mut users = user::list_member_page(
        cx.tx,
        id,
        MemberPage {
            limit: page.limit + 1,
            ..page
        },
    )?;
    let has_more = i64::try_from(users.len()).is_ok_and(|found| found > page.limit);
    users.truncate(usize::try_from(page.limit).unwrap_or(0));
    // Bots are few, so count them rather than the people.
    let left_out = if page.bots {
        0
    } else {
        user::count_bots(cx.tx, id)?
    };
    let total = access.chat.member_count - left_out;
    Ok(People {
        users,
        total,
        has_more,
    })
}
