//! "Is typing…" (`im.dialog.writing`, `imbot.v2.Chat.InputAction.notify`).

use readmark_model::{DialogId, Event, InputAction};

use crate::{Cx, Refused, access};

/// There is no such chat, or the acting user is not a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAccess;

/// Shows the members of a chat what the acting user is doing. Changes and stores nothing.
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
