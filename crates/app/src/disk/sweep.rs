//! Deleting contents that are no longer needed.
//!
//! A content is deleted from storage before its row is removed here; after a crash in between it is deleted again, which is
//! harmless. A content that was stored without ever getting a file has no row.

use readmark_store::{StoreError, Tx, repo::disk};

/// Some contents to delete.
pub fn discarded(tx: &mut dyn Tx, limit: i64) -> Result<Vec<String>, StoreError> {
    disk::list_discarded(tx, limit)
}

/// Removes the rows of discarded contents that were deleted.
pub fn forget(tx: &mut dyn Tx, names: &[String]) -> Result<(), StoreError> {
    for name in names {
        disk::delete_discarded(tx, name)?;
    }
    Ok(())
}

/// Those of `names` that never had a file.
pub fn unknown(tx: &mut dyn Tx, names: &[String]) -> Result<Vec<String>, StoreError> {
    let mut unknown = Vec::new();
    for name in names {
        if !disk::has_content(tx, name)? {
            unknown.push(name.clone());
        }
    }
    Ok(unknown)
}
