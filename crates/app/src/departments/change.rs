//! Adding, changing and deleting departments: for administrators.
//!
//! Locks are taken in this order: the root, for those who change the shape of the tree; then departments; then users in the
//! order of their ids.

use readmark_model::{Event, UserId, department::Department};
use readmark_store::repo::{department, user};

use super::{tree::Tree, works_here};
use crate::{Cx, Refused};

/// Why a department is not added, changed or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The one who acts is no administrator.
    NotAdmin,
    /// There is no such department.
    Unknown,
    /// There is no such department above.
    Parent,
    /// The department above would be the department itself or one below it.
    Below,
    /// The root stays where it is.
    Root,
    /// The head is nobody who works here.
    Head,
}

/// What is to be changed of a department.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The new name.
    pub name: Option<String>,
    /// Where it stands among others.
    pub sort: Option<i64>,
    /// The department above; 0 for none.
    pub parent: Option<i64>,
    /// Who heads it, or that nobody does.
    pub head: Option<Option<UserId>>,
}

/// Adds a department and answers its id; the one given does not matter.
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
        // Two departments that are moved below each other at the same time would both be gone from the tree.
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

/// Deletes a department. What is right below it, and whoever is in it, goes to the department above.
///
/// # Errors
/// [`Refusal`].
pub fn delete(cx: &mut Cx<'_>, id: i64) -> Result<(), Refused<Refusal>> {
    check_admin(cx)?;
    // The department above is neither deleted nor moved meanwhile.
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
