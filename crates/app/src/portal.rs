//! The portal itself: its name, its host, and the key that its links are signed with.

use readmark_model::{Holder, PortalInfo};
use readmark_store::{
    StoreError, Tx,
    repo::{disk, ownership, portal},
};

/// The portal's properties; `None` when it was only partly created.
pub fn find(tx: &mut dyn Tx) -> Result<Option<PortalInfo>, StoreError> {
    portal::find(tx)
}

/// The process that owns the portal, or owned it last.
pub fn holder(tx: &mut dyn Tx) -> Result<Option<Holder>, StoreError> {
    ownership::find(tx)
}

/// Creates the portal in a store that has none; `false` when there is one.
pub fn create(tx: &mut dyn Tx, portal: &PortalInfo) -> Result<bool, StoreError> {
    portal::insert(tx, portal)
}

/// The key that links to files are signed with: the stored one, else `fresh`, which is then stored.
pub fn link_key(tx: &mut dyn Tx, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
    disk::get_link_key(tx, fresh)
}
