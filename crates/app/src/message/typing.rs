//! "Is typing…" (`im.dialog.writing`, `imbot.v2.Chat.InputAction.notify`).

use readmark_model::{DialogId, Event, InputAction};

use crate::{Cx, Refused, access};

/// No such chat, or no member of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAccess;

/// Tells the members of a chat what the one who acts is about. It changes nothing, and is stored nowhere.
///
/// # Errors
/// [`NoAccess`].
pub fn start(
    cx: &mut Cx<'_>,
    dialog: DialogId,
    action: InputAction,
) -> Result<(), Refused<NoAccess>> {
    let access = access::look_at(cx, dialog)?
        .filter(|access| access.member.is_some())
        .ok_or(Refused::Because(NoAccess))?;
    cx.record(Event::Typing {
        chat: access.chat.id,
        user: cx.user,
        action,
    });
    Ok(())
}
