//! Passwords, invitations and sessions of people.

use anyhow::{Result, anyhow};
use readmark_app::{Refused, sign_in, users::NoPerson};
use readmark_model::{Timestamp, UserId};

use super::{Ground, Outcome, no_person};

pub(super) fn set_password(ground: &Ground<'_>, user: i64, hash: String) -> Result<Outcome> {
    let user = with_email(ground, user)?;
    ground
        .operate(move |cx| sign_in::set_password(cx.tx, user, &hash, cx.now))
        .map(|()| Outcome::Done)
        .map_err(|refused| told(user, refused))
}

pub(super) fn invite(ground: &Ground<'_>, user: i64, lifetime: u64) -> Result<Outcome> {
    let user = with_email(ground, user)?;
    let lifetime = i64::try_from(lifetime).unwrap_or(i64::MAX);
    let expires_at = Timestamp(ground.now.get().saturating_add(lifetime));
    let invited = ground.operate(move |cx| sign_in::invite(cx, user, expires_at));
    let token = invited.map_err(|refused| told(user, refused))?;
    Ok(Outcome::Secret(format!(
        "{}/invitation/{token}",
        ground.base_url
    )))
}

pub(super) fn sign_out(ground: &Ground<'_>, user: i64) -> Result<Outcome> {
    let user = ground.person(user)?.id;
    ground
        .store
        .write(move |tx| sign_in::end_sessions(tx, user))?;
    Ok(Outcome::Done)
}

/// A person who has an email, with which people sign in.
fn with_email(ground: &Ground<'_>, user: i64) -> Result<UserId> {
    let person = ground.person(user)?;
    if person.email.is_empty() {
        return Err(anyhow!("user {user} has no email to sign in with"));
    }
    Ok(person.id)
}

fn told(user: UserId, refused: Refused<NoPerson>) -> anyhow::Error {
    match refused {
        Refused::Because(reason) => no_person(user, reason),
        Refused::Interrupted(fault) => fault.into(),
    }
}
