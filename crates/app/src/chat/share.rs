//! Creating something from a message: `im.message.share`.

use readmark_model::{ChatId, ChatKind, DialogId, MessageId, MessageKind, chat::Entity, text};
use readmark_store::repo::{member, message};

use super::group::{self, Wish};
use crate::{Cx, Refused, access, disk, message::show};

/// The most members that a chat may have for a new chat with all of them.
pub const MAX_MEMBERS: i64 = 1_000;

/// Why nothing is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareRefusal {
    /// There is no such dialog, or the acting user is not a member.
    NoAccess,
    /// The message is not in the dialog, is deleted, is a notice, or is not visible.
    NotFound,
    /// The dialog has more than [`MAX_MEMBERS`] members.
    TooLarge,
}

/// Creates a group chat about a message, with all members of the dialog, named after the beginning of the message and opened
/// by a forwarded copy. The acting user owns it.
///
/// # Errors
/// [`ShareRefusal`]; then nothing changes.
pub fn as_chat(
    cx: &mut Cx<'_>,
    dialog: DialogId,
    id: MessageId,
) -> Result<ChatId, Refused<ShareRefusal>> {
    let refuse = |reason| Err(Refused::Because(reason));
    let Some(access) = access::look_at(cx, dialog)?.filter(|access| access.member.is_some()) else {
        return refuse(ShareRefusal::NoAccess);
    };
    let found = message::find(cx.tx, id)?.filter(|message| {
        message.chat == access.chat.id
            && message.seq >= show::visible_from(&access)
            && !message.deleted
            && message.kind != MessageKind::Notice
    });
    let Some(original) = found else {
        return refuse(ShareRefusal::NotFound);
    };
    if access.chat.member_count > MAX_MEMBERS {
        return refuse(ShareRefusal::TooLarge);
    }
    let users = member::list_user_ids(cx.tx, access.chat.id)?;
    let made = group::add(
        cx,
        &Wish {
            kind: ChatKind::Group,
            title: &text::plain_preview(&original.text),
            description: "",
            color: None,
            avatar: None,
            owner: None,
            entity: &Entity::default(),
            users: &users,
            message: "",
        },
    )?;
    // A group's owner may post in it.
    disk::send::forward(cx, made, &original, None)
        .map_err(|refused| refused.map(|_| ShareRefusal::NoAccess))?;
    Ok(made)
}
