//! The tree of departments and its people.

pub mod change;
pub mod search;
pub mod staff;
pub mod tree;

use readmark_model::{UserId, UserKind, department::Department, user::User};
use readmark_store::{StoreError, Tx, repo::department};

use crate::Cx;

/// All departments in id order; extranet users see none.
pub fn visible(cx: &mut Cx<'_>) -> Result<Vec<Department>, StoreError> {
    if cx.is_extranet() {
        return Ok(Vec::new());
    }
    department::list(cx.tx)
}

/// All departments in id order, as the operator sees them.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<Department>, StoreError> {
    department::list(tx)
}

/// Whether a user works here: a person of the company who is not dismissed.
#[must_use]
pub fn works_here(user: &User) -> bool {
    user.kind == UserKind::Person && user.active && !user.extranet
}

/// A department with derived properties.
#[derive(Clone, Debug)]
pub struct Described {
    /// The department.
    pub department: Department,
    /// Its name and those of all its ancestors, see [`tree::Tree::full_name`].
    pub full_name: String,
    /// Its head, as long as that user works here.
    pub head: Option<UserId>,
}
