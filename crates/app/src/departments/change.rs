//! Adding, changing and deleting departments: for administrators.
//!
//! Lock order: the root, for changes to the shape of the tree; then departments; then users in id order.

use readmark_model::{Event, UserId, department::Department};
use readmark_store::repo::{department, user};

use super::{tree::Tree, works_here};
use crate::{Cx, Refused};

/// Why a department is not added, changed or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The acting user is not an administrator.
    NotAdmin,
    /// There is no such department.
    Unknown,
    /// The parent department does not exist.
    Parent,
    /// The parent would be the department itself or one of its descendants.
    Below,
    /// The root cannot be moved or deleted.
    Root,
    /// The head is not an active person of the company.
    Head,
}

/// Changes of a department.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The new name.
    pub name: Option<String>,
    /// The new sort index.
    pub sort: Option<i64>,
    /// The new parent; 0 for none.
    pub parent: Option<i64>,
    /// The new head; `Some(None)` for none.
    pub head: Option<Option<UserId>>,
}

/// Adds a department and returns its id; the given id is ignored.
///
/// # Errors
/// [`Refusal`].
pub fn add(cx: &mut Cx<'_>, new: &Department) -> Result<i64, Refused<Refusal>> {
    check_admin(cx)?;
    let parent = new.parent.ok_or(Refused::Because(Refusal::Parent))?;
    if !department::lock_shared(cx.tx, parent)? {
        return Err(Refused::Because(Refusal::Parent));
    }
    check_head(cx, new.head)?;
    let id = department::insert(cx.tx, new)?;
    cx.record(Event::DepartmentAdded {
        department: id,
        by: cx.user,
    });
    Ok(id)
}

/// Changes a department.
///
/// # Errors
/// [`Refusal`].
pub fn update(cx: &mut Cx<'_>, id: i64, change: &Change) -> Result<(), Refused<Refusal>> {
    check_admin(cx)?;
    if change.parent.is_some() {
        // Two departments concurrently moved below each other would drop out of the tree.
        department::lock_exclusive_tree(cx.tx)?;
    }
    let found = department::lock_exclusive(cx.tx, id)?;
    let before = found.ok_or(Refused::Because(Refusal::Unknown))?;
    let mut after = before.clone();
    if let Some(parent) = change.parent
        && parent != before.parent.unwrap_or(0)
    {
        check_parent(cx, &before, parent)?;
        after.parent = Some(parent);
    }
    if let Some(head) = change.head
        && head != before.head
    {
        check_head(cx, head)?;
        after.head = head;
    }
    if let Some(name) = &change.name {
        after.name.clone_from(name);
    }
    after.sort = change.sort.unwrap_or(before.sort);
    if after != before {
        department::update(cx.tx, &after)?;
        cx.record(Event::DepartmentUpdated {
            department: id,
            by: cx.user,
        });
    }
    Ok(())
}

/// Deletes a department. Its children and users move to its parent.
///
/// # Errors
/// [`Refusal`].
pub fn delete(cx: &mut Cx<'_>, id: i64) -> Result<(), Refused<Refusal>> {
    check_admin(cx)?;
    // The parent must not be deleted or moved concurrently.
    department::lock_exclusive_tree(cx.tx)?;
    let found = department::lock_exclusive_to_delete(cx.tx, id)?;
    let gone = found.ok_or(Refused::Because(Refusal::Unknown))?;
    let parent = gone.parent.ok_or(Refused::Because(Refusal::Root))?;
    department::move_children(cx.tx, id, parent)?;
    for id_of_user in user::lock_exclusive_of_department(cx.tx, id)? {
        let Some(mut person) = user::find(cx.tx, id_of_user)? else {
            continue;
        };
        let departments = &mut person.departments;
        if departments.contains(&parent) {
            departments.retain(|other| *other != id);
        } else {
            departments
                .iter_mut()
                .filter(|other| **other == id)
                .for_each(|other| *other = parent);
        }
        person.updated_at = cx.now;
        user::update(cx.tx, &person)?;
        cx.record(Event::UserUpdated { user: person.id });
    }
    department::delete(cx.tx, id)?;
    cx.record(Event::DepartmentDeleted {
        department: id,
        by: cx.user,
    });
    Ok(())
}

fn check_admin(cx: &Cx<'_>) -> Result<(), Refused<Refusal>> {
    if cx.caller.admin {
        Ok(())
    } else {
        Err(Refused::Because(Refusal::NotAdmin))
    }
}

fn check_parent(
    cx: &mut Cx<'_>,
    department: &Department,
    parent: i64,
) -> Result<(), Refused<Refusal>> {
    if department.parent.is_none() {
        return Err(Refused::Because(Refusal::Root));
    }
    if !department::lock_shared(cx.tx, parent)? {
        return Err(Refused::Because(Refusal::Parent));
    }
    let tree = Tree::new(department::list(cx.tx)?);
    if tree.below([department.id]).contains(&parent) {
        return Err(Refused::Because(Refusal::Below));
    }
    Ok(())
}

fn check_head(cx: &mut Cx<'_>, head: Option<UserId>) -> Result<(), Refused<Refusal>> {
    let Some(head) = head else {
        return Ok(());
    };
    let found = user::find(cx.tx, head)?;
    if found.as_ref().is_some_and(works_here) {
        Ok(())
    } else {
        Err(Refused::Because(Refusal::Head))
    }
}
