//! Signing in to the pages of a portal: passwords, sessions and invitations.
//!
//! Hashing a password is slow on purpose and happens outside of transactions: what is compared is handed out, and checked once more where a
//! session begins.

use readmark_model::{SecretHash, Timestamp, User, UserId, session::Session};
use readmark_store::{
    StoreError, Tx,
    repo::{sign_in, user},
};

use crate::{
    Cx, Random, Refused, token,
    users::{self, NoPerson},
};

/// How many sessions a user has at most; the earliest one ends where another begins.
const MOST_SESSIONS: i64 = 20;

/// How much of what a browser says of itself is kept, in characters.
const AGENT_LENGTH: usize = 200;

/// A person who may sign in, and the hash of the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The person.
    pub user: UserId,
    /// The hash.
    pub hash: String,
}

/// A session with its user.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// Who signed in.
    pub user: User,
}

/// The person with this email who has a password and is not dismissed.
pub fn find_login(tx: &mut dyn Tx, email: &str) -> Result<Option<Login>, StoreError> {
    let Some(user) = user::find_by_email(tx, email.trim())? else {
        return Ok(None);
    };
    if users::find_person(tx, user)?.is_err() {
        return Ok(None);
    }
    let hash = sign_in::find_password(tx, user)?;
    Ok(hash.map(|hash| Login { user, hash }))
}

/// Whether a user has a password.
pub fn has_password(tx: &mut dyn Tx, user: UserId) -> Result<bool, StoreError> {
    Ok(sign_in::find_password(tx, user)?.is_some())
}

/// Sets the password of a person, by its hash. All sessions and an invitation end.
///
/// # Errors
/// Why the user is no person who could sign in.
pub fn set_password(
    tx: &mut dyn Tx,
    user: UserId,
    hash: &str,
    now: Timestamp,
) -> Result<(), Refused<NoPerson>> {
    users::find_person(tx, user)?.map_err(Refused::Because)?;
    sign_in::update_password(tx, user, hash, now)?;
    sign_in::delete_sessions(tx, user)?;
    sign_in::delete_invitation(tx, user)?;
    Ok(())
}

/// A session to begin.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    /// What the browser says of itself.
    pub agent: &'a str,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// Begins a session of a person whose password was right, and returns its token, which cannot be retrieved later; `None` when the password
/// was changed since it was compared, or the person is dismissed.
pub fn begin(
    tx: &mut dyn Tx,
    random: &dyn Random,
    login: &Login,
    new: &NewSession<'_>,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let hash = sign_in::lock_exclusive_password(tx, login.user)?;
    if hash.as_deref() != Some(login.hash.as_str()) {
        return Ok(None);
    }
    let Some(mut person) = user::lock_exclusive(tx, login.user)?.filter(|user| user.active) else {
        return Ok(None);
    };
    person.last_login_at = Some(now);
    user::update(tx, &person)?;
    let token = token::draw(random);
    let session = Session {
        id: 0,
        user: person.id,
        agent: new.agent.chars().take(AGENT_LENGTH).collect(),
        created_at: now,
        expires_at: new.expires_at,
    };
    sign_in::insert_session(tx, &SecretHash::of(&token), &session)?;
    sign_in::delete_earlier_sessions(tx, person.id, MOST_SESSIONS)?;
    Ok(Some(token))
}

/// The session with this token, if it has not ended.
pub fn find_session(
    tx: &mut dyn Tx,
    token: &SecretHash,
    now: Timestamp,
) -> Result<Option<SignedIn>, StoreError> {
    let found = sign_in::find_session(tx, token)?.filter(|session| now < session.expires_at);
    let Some(session) = found else {
        return Ok(None);
    };
    let user = user::find(tx, session.user)?;
    Ok(user.map(|user| SignedIn { session, user }))
}

/// The sessions of a user that have not ended, the latest first.
pub fn list_sessions(
    tx: &mut dyn Tx,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Session>, StoreError> {
    let mut sessions = sign_in::list_sessions(tx, user)?;
    sessions.retain(|session| now < session.expires_at);
    Ok(sessions)
}

/// Ends a session of a user; `false` when there is none.
pub fn end_session(tx: &mut dyn Tx, user: UserId, id: i64) -> Result<bool, StoreError> {
    sign_in::delete_session(tx, user, id)
}

/// Ends all sessions of a user; answers how many.
pub fn end_sessions(tx: &mut dyn Tx, user: UserId) -> Result<u64, StoreError> {
    sign_in::delete_sessions(tx, user)
}

/// Invites a person to set a password, and returns the token of the invitation, which cannot be retrieved later. An earlier invitation
/// ends.
///
/// # Errors
/// Why the user is no person who could sign in.
pub fn invite(
    cx: &mut Cx<'_>,
    user: UserId,
    expires_at: Timestamp,
) -> Result<String, Refused<NoPerson>> {
    users::find_person(cx.tx, user)?.map_err(Refused::Because)?;
    let token = token::draw(cx.random);
    sign_in::update_invitation(cx.tx, user, &SecretHash::of(&token), expires_at)?;
    Ok(token)
}

/// The person whom an invitation is for, if it is good.
pub fn find_invited(
    tx: &mut dyn Tx,
    token: &SecretHash,
    now: Timestamp,
) -> Result<Option<User>, StoreError> {
    match sign_in::find_invited(tx, token, now)? {
        Some(user) => Ok(users::find_person(tx, user)?.ok()),
        None => Ok(None),
    }
}

/// Sets the password of an invited person, which uses the invitation up; `None` when it is not good any more.
pub fn accept(
    tx: &mut dyn Tx,
    token: &SecretHash,
    hash: &str,
    now: Timestamp,
) -> Result<Option<Login>, StoreError> {
    let Some(person) = find_invited(tx, token, now)? else {
        return Ok(None);
    };
    // Of two that accept at once, one deletes it.
    if !sign_in::delete_invitation(tx, person.id)? {
        return Ok(None);
    }
    sign_in::update_password(tx, person.id, hash, now)?;
    sign_in::delete_sessions(tx, person.id)?;
    Ok(Some(Login {
        user: person.id,
        hash: hash.to_owned(),
    }))
}
