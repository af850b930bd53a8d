//! Users.

use anyhow::{Result, anyhow, bail};
use readmark_app::{
    Refused, receipts,
    users::{
        change::{self, NewPerson, Refusal},
        status,
    },
};
use readmark_model::{UserId, department::ROOT};
use serde::{Deserialize, Serialize};

use super::{Ground, Outcome, fault};

/// A user to add.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// First name.
    pub name: String,
    /// Last name.
    pub last_name: String,
    /// Email, unique in the portal; or empty.
    pub email: String,
    /// Position.
    pub position: String,
    /// Is an administrator.
    pub admin: bool,
    /// Is an extranet user.
    pub extranet: bool,
    /// Ids of departments; none stands for the company itself.
    pub departments: Vec<i64>,
}

pub(super) fn add(ground: &Ground<'_>, new: NewUser) -> Result<Outcome> {
    if new.name.trim().is_empty() {
        bail!("a user needs a name");
    }
    let departments = if new.departments.is_empty() {
        vec![ROOT]
    } else {
        new.departments.clone()
    };
    let added = ground.operate(move |cx| {
        let person = NewPerson {
            email: &new.email,
            extranet: new.extranet,
            departments: &departments,
            workgroups: &[],
        };
        change::add(cx, &person, |_, user| {
            user.name.clone_from(&new.name);
            user.last_name.clone_from(&new.last_name);
            user.work_position.clone_from(&new.position);
            user.admin = new.admin;
            Ok(())
        })
    });
    added
        .map(|id| Outcome::Added(id.get()))
        .map_err(|refused| told(refused, "added"))
}

pub(super) fn set_active(ground: &Ground<'_>, user: i64, active: bool) -> Result<Outcome> {
    if !active {
        ground.person(user)?;
    }
    let done = if active { "taken back" } else { "dismissed" };
    let changed = ground.operate(move |cx| {
        change::update(cx, UserId(user), None, |_, person| {
            person.active = active;
            Ok(())
        })
    });
    changed
        .map(|()| Outcome::Done)
        .map_err(|refused| told(refused, done))
}

pub(super) fn hide_receipts(ground: &Ground<'_>, user: i64, hidden: bool) -> Result<Outcome> {
    ground.person(user)?;
    ground
        .operate(move |cx| Ok(receipts::set_hidden(cx, UserId(user), hidden)?))
        .map_err(fault)?;
    Ok(Outcome::Done)
}

pub(super) fn set_absence(
    ground: &Ground<'_>,
    user: i64,
    until: Option<String>,
) -> Result<Outcome> {
    ground.person(user)?;
    let end = until.map(|text| ground.point_in_time(&text)).transpose()?;
    if end.is_some_and(|end| end <= ground.now) {
        bail!("that time has already passed");
    }
    ground
        .operate(move |cx| Ok(status::set_absence(cx, UserId(user), end)?))
        .map_err(fault)?;
    Ok(Outcome::Done)
}

fn told(refused: Refused<Refusal>, done: &str) -> anyhow::Error {
    match refused {
        Refused::Because(Refusal::EmailInvalid) => anyhow!("this is not an email address"),
        Refused::Because(Refusal::EmailTaken) => anyhow!("another user has this email"),
        Refused::Because(Refusal::Department) => {
            anyhow!("there is no such department: see `readmark department list`")
        }
        Refused::Because(Refusal::Unknown) => {
            anyhow!("there is no such person: see `readmark user list`")
        }
        Refused::Because(Refusal::LastAdmin) => {
            anyhow!("the portal would be left without an administrator")
        }
        Refused::Because(Refusal::NotAdmin) => anyhow!("the user cannot be {done}"),
        Refused::Interrupted(fault) => fault.into(),
    }
}
