//! The tree of departments, and who works where.

pub mod change;
pub mod search;
pub mod staff;
pub mod tree;

use readmark_model::{UserId, UserKind, department::Department, user::User};
use readmark_store::{StoreError, Tx, repo::department};

use crate::Cx;

/// All departments in the order of their ids; people from outside see none.
pub fn visible(cx: &mut Cx<'_>) -> Result<Vec<Department>, StoreError> {
    if cx.is_extranet() {
        return Ok(Vec::new());
    }
    department::list(cx.tx)
}

/// All departments in the order of their ids, as the operator sees them.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<Department>, StoreError> {
    department::list(tx)
}

/// Whether somebody works here: a person of the company who is not dismissed.
#[must_use]
pub fn works_here(user: &User) -> bool {
    user.kind == UserKind::Person && user.active && !user.extranet
}

/// A department with what follows from others.
#[derive(Clone, Debug)]
pub struct Described {
    /// The department.
    pub department: Department,
    /// Its name and those of all departments above it, see [`tree::Tree::full_name`].
    pub full_name: String,
    /// Who heads it, as long as that user works here.
    pub head: Option<UserId>,
}
