//! Deleting a file of a message.

use readmark_model::{ChatId, Event, FileId, file::File};
use readmark_store::repo::{disk, member, message};

use crate::{
    Cx, Refused,
    message::delete::{self, CannotEdit, Deletion, Editor},
};

/// The acting user is not a member of the chat, or it has no such file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoFile;

/// Deletes a file of a chat if the acting user sent it and may change its message; otherwise nothing changes. A message that
/// would be left empty is deleted by rule R9.
///
/// # Errors
/// [`NoFile`].
pub fn delete(cx: &mut Cx<'_>, chat: ChatId, id: FileId) -> Result<(), Refused<NoFile>> {
    const NO: Refused<NoFile> = Refused::Because(NoFile);
    if member::find_role(cx.tx, chat, cx.user)?.is_none() {
        return Err(NO);
    }
    let in_chat = |file: &File| file.chat == Some(chat);
    let file = disk::find(cx.tx, id)?.filter(in_chat).ok_or(NO)?;
    let message = file.message.ok_or(NO)?;
    let editable = match delete::find_editable(cx, message, Editor::Author) {
        Ok(editable) => editable,
        Err(Refused::Because(CannotEdit)) => return Ok(()),
        Err(Refused::Interrupted(fault)) => return Err(Refused::Interrupted(fault)),
    };
    // Check again now that the message is locked.
    let Some(file) = disk::find(cx.tx, id)? else {
        return Ok(());
    };
    let rest = editable.message.params.clone().without_file(id);
    if editable.message.text.trim().is_empty() && !rest.shows_something() {
        return delete::remove(cx, editable, Deletion::ByRule)
            .map_err(|refused| refused.map(|CannotEdit| NoFile));
    }
    let message = editable.message;
    disk::delete(cx.tx, &file, cx.now)?;
    message::update(cx.tx, message.id, &message.text, &rest, message.edited_at)?;
    cx.record(Event::MessageUpdated {
        before: Box::new(message),
        by: cx.user,
    });
    Ok(())
}
