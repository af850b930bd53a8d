//! Files as shown to the acting user.

use std::collections::BTreeMap;

use readmark_model::{FileId, MessageId, UserId, file::File};
use readmark_store::repo::{disk, user};

use crate::{Cx, Interrupt};

/// A file with the name of its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The file.
    pub file: File,
    /// The full name of its author; empty when that user no longer exists.
    pub author: String,
}

/// The files of visible messages, in the order of the messages.
pub fn of_messages(
    cx: &mut Cx<'_>,
    messages: impl IntoIterator<Item = MessageId>,
) -> Result<Vec<Shown>, Interrupt> {
    let mut files = Vec::new();
    for message in messages {
        files.extend(disk::list_of_message(cx.tx, message)?);
    }
    with_authors(cx, files)
}

/// Files by id, in the order given; unknown ones are left out.
pub fn of_ids(
    cx: &mut Cx<'_>,
    ids: impl IntoIterator<Item = FileId>,
) -> Result<Vec<Shown>, Interrupt> {
    let mut files = Vec::new();
    for id in ids {
        files.extend(disk::find(cx.tx, id)?);
    }
    with_authors(cx, files)
}

fn with_authors(cx: &mut Cx<'_>, files: Vec<File>) -> Result<Vec<Shown>, Interrupt> {
    let mut names: BTreeMap<UserId, String> = BTreeMap::new();
    let mut shown = Vec::with_capacity(files.len());
    for file in files {
        let author = match names.get(&file.user) {
            Some(name) => name.clone(),
            None => {
                let found = user::find(cx.tx, file.user)?;
                let name = found.map_or_else(String::new, |user| user.full_name());
                names.entry(file.user).or_insert(name).clone()
            }
        };
        shown.push(Shown { file, author });
    }
    Ok(shown)
}
