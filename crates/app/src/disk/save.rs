//! Saving a chat's file to the user's own drive.

use readmark_model::{FileId, file::File};
use readmark_store::repo::disk::{self, NewFile};

use super::find_visible;
use crate::{Cx, Refused};

/// The file does not exist or is not visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoFile;

/// Copies a file to the acting user's drive; the copy outlives the original.
///
/// # Errors
/// [`NoFile`]; then nothing changes.
pub fn save(cx: &mut Cx<'_>, id: FileId) -> Result<(FileId, File), Refused<NoFile>> {
    let file = find_visible(cx, id)?.ok_or(Refused::Because(NoFile))?;
    if !disk::lock_exclusive_content(cx.tx, &file.content.name)? {
        return Err(Refused::Because(NoFile));
    }
    let new = NewFile {
        content: &file.content.name,
        user: cx.user,
        chat: None,
        name: &file.name,
        now: cx.now,
    };
    let saved = disk::insert(cx.tx, &new)?;
    Ok((saved, file))
}
