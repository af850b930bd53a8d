//! The tree of departments.

use readmark_model::{
    UserId,
    department::{DEFAULT_SORT, Department, ROOT},
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    repo::with_lock,
    sql::sql,
};

columns! {
    Department from "departments" {
        id: i64 = "id",
        name: String = "name",
        sort: i64 = "sort",
        parent: i64 = "parent_id" => |id| Ok(Some(id).filter(|id| *id > 0)),
        head: UserId = "head_id" => |id| Ok(Some(id).filter(|id| id.get() > 0)),
    }
}

/// All departments, in the order of ids.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<Department>, StoreError> {
    tx.list(
        sql!(Department::SELECT, " ORDER BY id"),
        params![],
        Department::from_row,
    )
}

/// Locks a department, so that nobody deletes it; `false` when it does not exist. Does not wait for [`lock_exclusive`], only for
/// [`lock_exclusive_to_delete`].
pub fn lock_shared(tx: &mut dyn Tx, id: i64) -> Result<bool, StoreError> {
    let sql = with_lock!(
        tx,
        "SELECT id FROM departments WHERE id = ?1",
        "FOR KEY SHARE"
    );
    Ok(tx.find(sql, params![id], |_| Ok(()))?.is_some())
}

/// Locks departments as [`lock_shared`] does, in the order of ids; `false` when one of them does not exist.
pub fn lock_shared_all(tx: &mut dyn Tx, ids: &[i64]) -> Result<bool, StoreError> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        if !lock_shared(tx, id)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Locks the tree, so that nobody else changes its shape other than by adding to it.
pub fn lock_exclusive_tree(tx: &mut dyn Tx) -> Result<(), StoreError> {
    lock_exclusive(tx, ROOT).map(drop)
}

/// Locks a department, so that nobody else changes it.
pub fn lock_exclusive(tx: &mut dyn Tx, id: i64) -> Result<Option<Department>, StoreError> {
    let sql = with_lock!(
        tx,
        sql!(Department::SELECT, " WHERE id = ?1"),
        "FOR NO KEY UPDATE"
    );
    tx.find(sql, params![id], Department::from_row)
}

/// Locks a department that is to be deleted, against [`lock_shared`] too (`FOR UPDATE`).
pub fn lock_exclusive_to_delete(
    tx: &mut dyn Tx,
    id: i64,
) -> Result<Option<Department>, StoreError> {
    let sql = with_lock!(tx, sql!(Department::SELECT, " WHERE id = ?1"), "FOR UPDATE");
    tx.find(sql, params![id], Department::from_row)
}

/// Writes everything of a department that can change.
pub fn update(tx: &mut dyn Tx, department: &Department) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE departments SET name = ?2, sort = ?3, parent_id = ?4, head_id = ?5 WHERE id = ?1",
        params![
            department.id,
            &department.name,
            department.sort,
            department.parent.unwrap_or(0),
            department.head.map_or(0, UserId::get)
        ],
    )
    .map(drop)
}

/// Moves the children of a department to another one.
pub fn move_children(tx: &mut dyn Tx, from: i64, to: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE departments SET parent_id = ?2 WHERE parent_id = ?1",
        params![from, to],
    )
    .map(drop)
}

/// Deletes a department.
pub fn delete(tx: &mut dyn Tx, id: i64) -> Result<(), StoreError> {
    tx.execute("DELETE FROM departments WHERE id = ?1", params![id])
        .map(drop)
}

/// Creates the root, named after the company.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one.
pub fn insert_root(tx: &mut dyn Tx, name: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO departments (id, name, sort, parent_id, head_id) VALUES (?1, ?2, ?3, 0, 0)",
        params![ROOT, name, DEFAULT_SORT],
    )?;
    Ok(())
}

/// Adds a department and answers its id; `department.id` is ignored.
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
