//! Departments: the tree of the company.

use crate::ids::UserId;

/// The department that is the company itself: the root of the tree.
pub const ROOT: i64 = 1;

/// The sort index of a department when none is given.
pub const DEFAULT_SORT: i64 = 500;

/// A department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Its id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Its sort index.
    pub sort: i64,
    /// The parent department; `None` for the root.
    pub parent: Option<i64>,
    /// Its head.
    pub head: Option<UserId>,
}
