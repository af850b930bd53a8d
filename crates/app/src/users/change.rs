//! Adding, changing and dismissing people: for administrators.

use readmark_model::{
    Event, UserId, UserKind,
    color::Color,
    user::{User, is_email},
};
use readmark_store::{
    StoreError,
    repo::{chat, department, sign_in, user},
};

use crate::{Cx, Refused, access, chat::members};

/// Why a person is not added or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The acting user is not an administrator.
    NotAdmin,
    /// The email is not an address.
    EmailInvalid,
    /// The email belongs to somebody else.
    EmailTaken,
    /// There is no such person.
    Unknown,
    /// There is no such department.
    Department,
    /// The portal would be left without an administrator.
    LastAdmin,
}

/// A person to add.
#[derive(Clone, Debug)]
pub struct NewPerson<'a> {
    /// Email, unique in the portal.
    pub email: &'a str,
    /// Whether the person is an extranet user.
    pub extranet: bool,
    /// The departments of a person of the company; extranet users are in none.
    pub departments: &'a [i64],
    /// Workgroups whose chats the person joins, where they exist.
    pub workgroups: &'a [i64],
}

/// Adds a person and returns the id. `edit` fills in the other fields.
///
/// # Errors
/// [`Refusal`].
pub fn add(
    cx: &mut Cx<'_>,
    new: &NewPerson<'_>,
    edit: impl FnOnce(&mut Cx<'_>, &mut User) -> Result<(), StoreError>,
) -> Result<UserId, Refused<Refusal>> {
    check_admin(cx)?;
    check_email(cx, new.email, None)?;
    if !new.extranet {
        lock_shared_departments(cx, new.departments)?;
    }
    let mut person = blank(cx, new);
    edit(cx, &mut person)?;
    person.id = user::insert(cx.tx, &person).map_err(email_taken)?;
    person.color = Color::default_for(person.id.get()).hex().to_owned();
    user::update(cx.tx, &person)?;
    cx.record(Event::UserAdded { user: person.id });
    join_workgroups(cx, new.workgroups, person.id)?;
    Ok(person.id)
}

/// Changes a person by `edit`, and the departments of a person of the company; extranet users are in none. A dismissed person
/// loses all access with this commit, as credentials are valid for active users only.
///
/// # Errors
/// [`Refusal`]; bots are not people.
pub fn update(
    cx: &mut Cx<'_>,
    id: UserId,
    departments: Option<&[i64]>,
    edit: impl FnOnce(&mut Cx<'_>, &mut User) -> Result<(), StoreError>,
) -> Result<(), Refused<Refusal>> {
    check_admin(cx)?;
    let departments = match departments {
        // Whether a person is an extranet user never changes, so this can be checked before the lock.
        Some(_) if user::find(cx.tx, id)?.is_some_and(|user| user.extranet) => None,
        departments => departments,
    };
    if let Some(departments) = departments {
        // Before the person: deleting a department locks in the same order.
        lock_shared_departments(cx, departments)?;
    }
    let found = user::lock_exclusive(cx.tx, id)?.filter(|user| user.kind == UserKind::Person);
    let before = found.ok_or(Refused::Because(Refusal::Unknown))?;
    let mut person = before.clone();
    edit(cx, &mut person)?;
    if let Some(departments) = departments {
        person.departments = departments.to_vec();
    }
    let dismissed = before.active && !person.active;
    if dismissed && before.admin && !user::lock_exclusive_other_admin(cx.tx, id)? {
        return Err(Refused::Because(Refusal::LastAdmin));
    }
    if !person.email.eq_ignore_ascii_case(&before.email) {
        check_email(cx, &person.email, Some(id))?;
    }
    person.updated_at = cx.now;
    user::update(cx.tx, &person).map_err(email_taken)?;
    if dismissed {
        // They would come back with a person who is taken back.
        sign_in::delete_sessions(cx.tx, id)?;
        sign_in::delete_invitation(cx.tx, id)?;
    }
    cx.record(Event::UserUpdated { user: id });
    Ok(())
}

fn check_admin(cx: &Cx<'_>) -> Result<(), Refused<Refusal>> {
    if cx.caller.admin {
        Ok(())
    } else {
        Err(Refused::Because(Refusal::NotAdmin))
    }
}

/// Locks departments, so that they still exist when a person is added to them.
fn lock_shared_departments(cx: &mut Cx<'_>, departments: &[i64]) -> Result<(), Refused<Refusal>> {
    if department::lock_shared_all(cx.tx, departments)? {
        Ok(())
    } else {
        Err(Refused::Because(Refusal::Department))
    }
}

fn check_email(cx: &mut Cx<'_>, email: &str, of: Option<UserId>) -> Result<(), Refused<Refusal>> {
    // A person added by command may have none.
    if !email.is_empty() && !is_email(email) {
        return Err(Refused::Because(Refusal::EmailInvalid));
    }
    match user::find_by_email(cx.tx, email)? {
        Some(owner) if Some(owner) != of => Err(Refused::Because(Refusal::EmailTaken)),
        _ => Ok(()),
    }
}

/// The email can be taken between the check and the write.
fn email_taken(error: StoreError) -> Refused<Refusal> {
    match error {
        StoreError::Conflict(_) => Refused::Because(Refusal::EmailTaken),
        other => other.into(),
    }
}

fn blank(cx: &Cx<'_>, new: &NewPerson<'_>) -> User {
    User {
        id: UserId(0),
        kind: UserKind::Person,
        active: true,
        admin: false,
        extranet: new.extranet,
        hide_receipts: false,
        name: String::new(),
        last_name: String::new(),
        email: new.email.to_owned(),
        work_position: String::new(),
        gender: String::new(),
        birthday: String::new(),
        color: String::new(),
        avatar: String::new(),
        external_auth_id: "default".to_owned(),
        status: "online".to_owned(),
        time_zone: String::new(),
        departments: if new.extranet {
            Vec::new()
        } else {
            new.departments.to_vec()
        },
        profile: "{}".to_owned(),
        registered_at: cx.now,
        updated_at: cx.now,
        last_login_at: None,
        last_activity_at: None,
        idle_since: None,
        absent_until: None,
        bot: None,
    }
}

fn join_workgroups(cx: &mut Cx<'_>, groups: &[i64], user: UserId) -> Result<(), StoreError> {
    let mut chats = Vec::new();
    for group in groups {
        chats.extend(chat::find_by_entity(
            cx.tx,
            access::WORKGROUP,
            &group.to_string(),
        )?);
    }
    // Chats are always locked in id order, to avoid deadlocks.
    chats.sort_unstable();
    chats.dedup();
    for id in chats {
        if let Some(chat) = chat::lock_exclusive(cx.tx, id)? {
            members::add(cx, &chat, &[user], true)?;
        }
    }
    Ok(())
}
