//! Pictures of users, bots and chats.

use readmark_store::{StoreError, repo::file};

use crate::Cx;

/// What the path of every file begins with; its token follows.
pub const FOLDER: &str = "/file/";

/// Stores a file and answers its path, which holds a random token: whoever knows it may fetch the file.
///
/// # Errors
/// When the store fails.
pub fn store(cx: &mut Cx<'_>, media_type: &str, content: &[u8]) -> Result<String, StoreError> {
    let mut bytes = [0_u8; 20];
    cx.random.fill(&mut bytes);
    let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    file::insert(cx.tx, media_type, content, &token, cx.now)?;
    Ok(format!("{FOLDER}{token}"))
}

/// Takes away the file at a path that [`store`] answered; any other path is passed over.
///
/// # Errors
/// When the store fails.
pub fn delete(cx: &mut Cx<'_>, path: &str) -> Result<(), StoreError> {
    match path.strip_prefix(FOLDER) {
        Some(token) => file::delete(cx.tx, token).map(drop),
        None => Ok(()),
    }
}
