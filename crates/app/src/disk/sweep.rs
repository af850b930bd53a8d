//! Contents that nothing needs any more.
//!
//! A content is deleted outside of the database before it is forgotten here; after a crash in between it is deleted once
//! more, which does no harm. A content that was stored but never got its file is known to nobody.

use readmark_store::{StoreError, Tx, repo::disk};

/// Some contents that are to be deleted.
pub fn discarded(tx: &mut dyn Tx, limit: i64) -> Result<Vec<String>, StoreError> {
    disk::list_discarded(tx, limit)
}

/// Forgets discarded contents that are deleted by now.
pub fn forget(tx: &mut dyn Tx, names: &[String]) -> Result<(), StoreError> {
    for name in names {
        disk::delete_discarded(tx, name)?;
    }
    Ok(())
}

/// Those of `names` that no file ever got.
pub fn unknown(tx: &mut dyn Tx, names: &[String]) -> Result<Vec<String>, StoreError> {
    let mut unknown = Vec::new();
    for name in names {
        if !disk::has_content(tx, name)? {
            unknown.push(name.clone());
        }
    }
    Ok(unknown)
}
