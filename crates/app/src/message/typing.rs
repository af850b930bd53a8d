//! "Is typing…" (`im.dialog.writing`).

use readmark_model::{DialogId, Event, EventKind};

use crate::{Cx, Refused, access};

/// No such chat, or no member of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAccess;

/// Tells the members of a chat that the one who acts is typing. Published inside the process, stored nowhere.
///
/// # Errors
/// [`NoAccess`].
pub fn start(cx: &mut Cx<'_>, dialog: DialogId) -> Result<(), Refused<NoAccess>> {
    let access = access::look_at(cx, dialog)?
        .filter(|access| access.member.is_some())
        .ok_or(Refused::Because(NoAccess))?;
    cx.emit(Event::in_chat(EventKind::Typing, access.chat.id, cx.user))?;
    Ok(())
}
