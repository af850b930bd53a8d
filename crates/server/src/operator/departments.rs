//! Departments.

use anyhow::{Result, anyhow, bail};
use readmark_app::{
    Refused,
    departments::change::{self, Change, Refusal},
};
use readmark_model::{UserId, department::Department};
use serde::{Deserialize, Serialize};

use super::{Ground, Outcome};

/// A department to add.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDepartment {
    /// Name.
    pub name: String,
    /// Id of the parent department.
    pub parent: i64,
    /// Id of the user who heads it.
    pub head: Option<i64>,
    /// Sort position among its siblings.
    pub sort: i64,
}

/// What is to be changed of a department.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentChange {
    /// Id of the department.
    pub id: i64,
    /// New name.
    pub name: Option<String>,
    /// Id of the parent department.
    pub parent: Option<i64>,
    /// Id of the user who heads it.
    pub head: Option<i64>,
    /// Removes the head.
    pub no_head: bool,
    /// Sort position among its siblings.
    pub sort: Option<i64>,
}

pub(super) fn add(ground: &Ground<'_>, new: NewDepartment) -> Result<Outcome> {
    let new = Department {
        id: 0,
        name: named(&new.name)?,
        sort: new.sort,
        parent: Some(new.parent),
        head: new.head.map(UserId),
    };
    let id = ground
        .operate(move |cx| change::add(cx, &new))
        .map_err(told)?;
    Ok(Outcome::Added(id))
}

pub(super) fn change(ground: &Ground<'_>, asked: DepartmentChange) -> Result<Outcome> {
    let head = asked.head.map(|head| Some(UserId(head)));
    let change = Change {
        name: asked.name.as_deref().map(named).transpose()?,
        sort: asked.sort,
        parent: asked.parent,
        head: head.or(asked.no_head.then_some(None)),
    };
    if change == Change::default() {
        bail!("nothing to change: see `readmark department update --help`");
    }
    let id = asked.id;
    ground
        .operate(move |cx| change::update(cx, id, &change))
        .map_err(told)?;
    Ok(Outcome::Done)
}

pub(super) fn delete(ground: &Ground<'_>, id: i64) -> Result<Outcome> {
    ground
        .operate(move |cx| change::delete(cx, id))
        .map_err(told)?;
    Ok(Outcome::Done)
}

fn named(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        bail!("a department needs a name");
    }
    Ok(name.to_owned())
}

/// A refusal as text.
fn told(refused: Refused<Refusal>) -> anyhow::Error {
    match refused {
        Refused::Because(Refusal::Unknown) => {
            anyhow!("there is no such department: see `readmark department list`")
        }
        Refused::Because(Refusal::Parent) => anyhow!("there is no such parent department"),
        Refused::Because(Refusal::Below) => {
            anyhow!("a department cannot be below itself")
        }
        Refused::Because(Refusal::Root) => anyhow!("the company itself stays at the top"),
        Refused::Because(Refusal::Head) => {
            anyhow!("the head must be an active person of the company: see `readmark user list`")
        }
        Refused::Because(Refusal::NotAdmin) => anyhow!("this is for administrators"),
        Refused::Interrupted(fault) => fault.into(),
    }
}
