//! "Is typing…" (`im.dialog.writing`, `imbot.v2.Chat.InputAction.notify`).

use readmark_model::{DialogId, Event, EventKind, InputAction};

use crate::{Cx, Refused, access};

/// No such chat, or no member of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAccess;

/// Tells the members of a chat what the one who acts is about. Published inside the process, stored nowhere.
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
    let event = Event::in_chat(EventKind::Typing, access.chat.id, cx.user);
    cx.emit(Event {
        value: action.to_value(),
        ..event
    })?;
    Ok(())
}
