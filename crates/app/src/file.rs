//! Pictures of users, bots and chats.

use readmark_model::file::PublicFile;
use readmark_store::{StoreError, Tx, repo::file};

use crate::Cx;

/// The prefix of every file's path; the token follows.
pub const FOLDER: &str = "/file/";

/// A change of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture<'a> {
    /// Removes it.
    Remove,
    /// Replaces it with this one.
    Set {
        /// `image/png`…
        media_type: &'a str,
        /// The file.
        content: &'a [u8],
    },
}

/// A file by the token in its path.
pub fn find(tx: &mut dyn Tx, token: &str) -> Result<Option<PublicFile>, StoreError> {
    file::find(tx, token)
}

/// Stores a file and returns its path, which contains a random token: anyone who knows it may fetch the file.
pub fn store(cx: &mut Cx<'_>, media_type: &str, content: &[u8]) -> Result<String, StoreError> {
    let mut bytes = [0_u8; 20];
    cx.random.fill(&mut bytes);
    let token = hex::encode(bytes);
    file::insert(cx.tx, media_type, content, &token, cx.now)?;
    Ok(format!("{FOLDER}{token}"))
}

/// Deletes the file at a path that [`store`] returned; any other path is ignored.
pub fn delete(cx: &mut Cx<'_>, path: &str) -> Result<(), StoreError> {
    match path.strip_prefix(FOLDER) {
        Some(token) => file::delete(cx.tx, token).map(drop),
        None => Ok(()),
    }
}

/// Deletes the picture at the path `old`, if there is one, and returns the path of the new one, or an empty string.
pub fn replace(cx: &mut Cx<'_>, old: &str, picture: Picture<'_>) -> Result<String, StoreError> {
    delete(cx, old)?;
    match picture {
        Picture::Remove => Ok(String::new()),
        Picture::Set {
            media_type,
            content,
        } => store(cx, media_type, content),
    }
}
