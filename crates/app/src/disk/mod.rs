//! Files of messages and of users' own drives. Their contents are kept outside the database: a content is stored under a
//! random name before the file is written, and deleted once no file refers to it, so that no crash leaves a file without its
//! content.

pub mod delete;
pub mod save;
pub mod send;
pub mod show;
pub mod sweep;

use readmark_model::{ChatId, DialogId, FileId, file::File};
use readmark_store::repo::disk;

use crate::{Cx, Interrupt, access, message};

/// The folder that [`save`](save::save) saves to, by its name.
pub const SAVED_FILES: &str = "Saved Files";

/// The most files of one message.
pub const MAX_FILES: usize = 100;

/// A file that the acting user may see: of a visible message, or on the user's own drive.
pub fn find_visible(cx: &mut Cx<'_>, id: FileId) -> Result<Option<File>, Interrupt> {
    let Some(file) = disk::find(cx.tx, id)? else {
        return Ok(None);
    };
    let visible = match file.message {
        Some(message) => message::find_visible(cx, message)?
            .is_some_and(|(message, _)| Some(message.chat) == file.chat && !message.deleted),
        None => file.chat.is_none() && file.user == cx.user,
    };
    Ok(visible.then_some(file))
}

/// Whether a file exists, for callers who may learn of files that they may not see.
pub fn exists(cx: &mut Cx<'_>, id: FileId) -> Result<bool, Interrupt> {
    Ok(disk::find(cx.tx, id)?.is_some())
}

/// The chat of a dialog whose folder is requested; `None` when the acting user is not a member.
///
/// # Errors
/// As [`access::resolve`].
pub fn find_folder_chat(cx: &mut Cx<'_>, dialog: DialogId) -> Result<Option<ChatId>, Interrupt> {
    let access = access::look_at(cx, dialog)?;
    Ok(access
        .filter(|access| access.member.is_some())
        .map(|access| access.chat.id))
}
