//! The tree of departments.

use readmark_model::{UserId, UserKind};
use readmark_store::{
    StoreError,
    repo::{
        department::{self, Department},
        user,
    },
};

use crate::{Cx, Refused};

/// Why a department is not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The one who acts is no administrator.
    NotAdmin,
    /// There is no such department above.
    Parent,
    /// The head is nobody who works here.
    Head,
}

/// All departments in the order of their ids; people from outside see none.
///
/// # Errors
/// When the store fails.
pub fn visible(cx: &mut Cx<'_>) -> Result<Vec<Department>, StoreError> {
    if cx.is_extranet() {
        return Ok(Vec::new());
    }
    department::all(cx.tx)
}

/// Adds a department and answers its id.
///
/// # Errors
/// [`Refusal`].
pub fn add(cx: &mut Cx<'_>, new: &Department) -> Result<i64, Refused<Refusal>> {
    if !cx.caller.admin {
        return Err(Refused::Because(Refusal::NotAdmin));
    }
    let parent = new.parent.ok_or(Refused::Because(Refusal::Parent))?;
    if !department::hold(cx.tx, parent)? {
        return Err(Refused::Because(Refusal::Parent));
    }
    if let Some(head) = new.head
        && !works_here(cx, head)?
    {
        return Err(Refused::Because(Refusal::Head));
    }
    Ok(department::insert(cx.tx, new)?)
}

fn works_here(cx: &mut Cx<'_>, id: UserId) -> Result<bool, StoreError> {
    let found = user::find(cx.tx, id)?;
    Ok(found.is_some_and(|user| user.kind == UserKind::Person && user.active && !user.extranet))
}
