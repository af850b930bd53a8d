//! Access and refresh tokens of applications: issuing and expiring them. The only place that issues tokens.
//!
//! Only the hash of a token is stored, so it can only be shown when it is issued.

use readmark_model::{Application, GrantId, Scopes, SecretHash, Timestamp, UserId};
use readmark_store::{
    StoreError, Tx,
    repo::{application, auth, grant, user},
};

use crate::{Cx, Random, Refused, draw};

/// A token to issue.
#[derive(Clone, Copy, Debug)]
pub struct NewToken<'a> {
    /// The application, by its client id; surrounding white space is trimmed. Bots that are registered with the token belong to it.
    pub client: &'a str,
    /// Whose rights it has: a person or a bot.
    pub user: UserId,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// Why a token is not issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The client id is blank.
    NoClient,
    /// There is no such user, or the user is dismissed.
    User,
    /// Its expiry is in the past.
    Expired,
}

/// Issues a new token and returns it; it cannot be retrieved later.
///
/// # Errors
/// [`Refusal`].
pub fn issue(cx: &mut Cx<'_>, new: &NewToken<'_>) -> Result<String, Refused<Refusal>> {
    let token = draw(cx.random);
    register(cx.tx, new, &SecretHash::of(&token), cx.now)?.map_err(Refused::Because)?;
    Ok(token)
}

/// Issues a token that the caller has generated and keeps, or returns why not.
///
/// # Errors
/// [`StoreError::Conflict`] when the token exists already.
pub fn register(
    tx: &mut dyn Tx,
    new: &NewToken<'_>,
    hash: &SecretHash,
    now: Timestamp,
) -> Result<Result<(), Refusal>, StoreError> {
    let client = new.client.trim();
    if client.is_empty() {
        return Ok(Err(Refusal::NoClient));
    }
    if !user::find(tx, new.user)?.is_some_and(|user| user.active) {
        return Ok(Err(Refusal::User));
    }
    if new.expires_at <= now {
        return Ok(Err(Refusal::Expired));
    }
    let NewToken {
        user,
        scopes,
        expires_at,
        ..
    } = *new;
    let application = application::find_by_client(tx, client)?;
    let new = auth::NewToken {
        client_id: client,
        application: application.map(|application| application.id),
        grant: None,
        user,
        scopes,
        expires_at,
    };
    auth::insert_token(tx, hash, &new, now)?;
    Ok(Ok(()))
}

/// Issues an access token that comes from a grant; it cannot be retrieved later.
pub(crate) fn issue_of_grant(
    tx: &mut dyn Tx,
    random: &dyn Random,
    application: &Application,
    (grant, user, scopes): (GrantId, UserId, Scopes),
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<String, StoreError> {
    let token = draw(random);
    let new = auth::NewToken {
        client_id: &application.client_id,
        application: Some(application.id),
        grant: Some(grant),
        user,
        scopes,
        expires_at,
    };
    auth::insert_token(tx, &SecretHash::of(&token), &new, now)?;
    Ok(token)
}

/// Issues a refresh token of a grant, which lasts at least as long; it cannot be retrieved later.
pub(crate) fn issue_refresh(
    tx: &mut dyn Tx,
    random: &dyn Random,
    of: GrantId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<String, StoreError> {
    let token = draw(random);
    grant::insert_refresh(tx, &SecretHash::of(&token), of, now, expires_at)?;
    grant::update_end(tx, of, expires_at)?;
    Ok(token)
}

/// Whether an access token was issued, whatever has become of it.
pub fn is_known(tx: &mut dyn Tx, hash: &SecretHash) -> Result<bool, StoreError> {
    Ok(auth::find_token(tx, hash)?.is_some())
}

/// Expires an access token or a refresh token now; `false` when there is no valid one.
pub fn expire(tx: &mut dyn Tx, hash: &SecretHash, now: Timestamp) -> Result<bool, StoreError> {
    Ok(auth::expire_token(tx, hash, now)? || grant::expire_refresh(tx, hash, now)?)
}

/// A new token: 64 hexadecimal digits, 256 bits.
#[must_use]
pub fn draw(random: &dyn Random) -> String {
    draw::hex::<32>(random)
}
