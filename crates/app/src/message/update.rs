//! Changing a message (rule R9: counters, cursors and viewers stay as they are).

use readmark_model::{Event, MessageId, ParamChanges};
use readmark_store::repo::message;

use super::{
    delete::{self, CannotEdit, Deletion, Editable, Editor},
    mention, stored_text, words,
};
use crate::{Cx, Refused};

/// How to change a message.
pub struct Edit<'a> {
    /// The new text; `None` keeps it, an empty one deletes the message.
    pub text: Option<&'a str>,
    /// What changes in the parameters.
    pub params: &'a ParamChanges,
    /// Whether the message is marked as edited even if the text stays; a new text always marks it.
    pub mark_edited: bool,
}

/// Changes a message: by its author, within the portal's edit period. An empty text deletes it by rule R9. An edit without
/// changes does nothing.
///
/// # Errors
/// [`CannotEdit`], also for a tombstone; then nothing changes.
pub fn update(cx: &mut Cx<'_>, id: MessageId, edit: &Edit<'_>) -> Result<(), Refused<CannotEdit>> {
    let editable = delete::find_editable(cx, id, Editor::Author)?;
    if editable.message.deleted {
        return Err(Refused::Because(CannotEdit));
    }
    let text = edit.text.map(stored_text);
    if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
        return delete::remove(cx, editable, Deletion::ByRule);
    }
    let Editable { message, chat, .. } = editable;
    let text = text.as_deref().unwrap_or(&message.text);
    let text_changes = text != message.text;
    let mut params = message.params.clone();
    edit.params.apply(&mut params);
    params.edited |= text_changes || edit.mark_edited;
    if !text_changes && params == message.params {
        return Ok(());
    }
    let edited_at = if text_changes {
        words::exchange(cx, &chat, &message, text)?;
        mention::reindex(cx, &message, text)?;
        Some(cx.now)
    } else {
        message.edited_at
    };
    message::update(cx.tx, id, text, &params, edited_at)?;
    cx.record(Event::MessageUpdated {
        before: Box::new(message),
        by: cx.user,
    });
    Ok(())
}
