//! `im.dialog.read.all` (rule R11).

use readmark_model::Event;
use readmark_store::{StoreError, repo::member};

use crate::Cx;

/// Reads every chat of the acting user, without recording views: one statement, at most one row per unread chat, and one event.
pub fn read_all(cx: &mut Cx<'_>) -> Result<(), StoreError> {
    let chats = member::read_all(cx.tx, cx.user, cx.now)?;
    if chats > 0 {
        cx.record(Event::AllRead { user: cx.user });
    }
    Ok(())
}
