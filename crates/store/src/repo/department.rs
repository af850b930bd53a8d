//! The tree of departments.

use readmark_model::UserId;

use crate::{StoreError, Tx, TxExt, params, repo::locking, tx::Row};

/// The department that is the company itself: the root of the tree.
pub const ROOT: i64 = 1;

/// Where a department stands among others when nothing else is said.
pub const DEFAULT_SORT: i64 = 500;

/// A department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Its id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Where it stands among others.
    pub sort: i64,
    /// The department above; `None` for the root.
    pub parent: Option<i64>,
    /// Who heads it.
    pub head: Option<UserId>,
}

fn department(row: &dyn Row) -> Result<Department, StoreError> {
    let given = |number: i64| Some(number).filter(|number| *number > 0);
    Ok(Department {
        id: row.int(0)?,
        name: row.text(1)?.to_owned(),
        sort: row.int(2)?,
        parent: given(row.int(3)?),
        head: given(row.int(4)?).map(UserId),
    })
}

/// All departments in the order of their ids.
///
/// # Errors
/// When the store fails.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<Department>, StoreError> {
    tx.list(
        "SELECT id, name, sort, parent_id, head_id FROM departments ORDER BY id",
        params![],
        |row| department(row),
    )
}

/// Holds a department until the end of the transaction, so that nobody deletes it; `false` when there is none.
///
/// # Errors
/// When the store fails.
pub fn hold(tx: &mut dyn Tx, id: i64) -> Result<bool, StoreError> {
    let sql = locking!(
        tx,
        true,
        "SELECT id FROM departments WHERE id = ?1",
        "FOR KEY SHARE"
    );
    Ok(tx.find(sql, params![id], |_| Ok(()))?.is_some())
}

/// Makes the root, named as the company.
///
/// # Errors
/// When there is one already, or the store fails.
pub fn insert_root(tx: &mut dyn Tx, name: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO departments (id, name, sort, parent_id, head_id) VALUES (?1, ?2, ?3, 0, 0)",
        params![ROOT, name, DEFAULT_SORT],
    )?;
    Ok(())
}

/// Adds a department and answers its id; the one given does not matter.
///
/// # Errors
/// When the store fails.
pub fn insert(tx: &mut dyn Tx, department: &Department) -> Result<i64, StoreError> {
    tx.get(
        "INSERT INTO departments (name, sort, parent_id, head_id) VALUES (?1, ?2, ?3, ?4) RETURNING id",
        params![
            &department.name,
            department.sort,
            department.parent.unwrap_or(0),
            department.head.map_or(0, UserId::get)
        ],
        |row| row.int(0),
    )
}
