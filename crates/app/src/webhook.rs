//! Incoming webhooks: creating, listing and revoking them. The only place that creates webhooks.
//!
//! A webhook is identified by its user and its secret, which is part of its URL. Only the hash of the secret is stored, so it
//! can only be shown when the webhook is created.

use readmark_model::{Scopes, SecretHash, Timestamp, UserId, Webhook};
use readmark_store::{StoreError, Tx, repo::auth};

use crate::{
    Cx, Random, Refused, auth as check, draw,
    users::{self, NoPerson},
};

/// Letters and digits of a secret: about 165 bits.
pub const SECRET_LENGTH: usize = 32;

/// A webhook to create.
#[derive(Clone, Copy, Debug)]
pub struct NewWebhook<'a> {
    /// Whose rights it has: a person.
    pub user: UserId,
    /// What it may be used for.
    pub scopes: Scopes,
    /// A description of its purpose.
    pub title: &'a str,
    /// When it expires; `None` for never.
    pub expires_at: Option<Timestamp>,
}

/// Why a webhook is not created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The user cannot have one.
    User(NoPerson),
    /// Its expiry is in the past.
    Expired,
}

/// Creates a webhook with a new secret and returns the secret; it cannot be retrieved later.
///
/// # Errors
/// [`Refusal`].
pub fn add(cx: &mut Cx<'_>, new: &NewWebhook<'_>) -> Result<String, Refused<Refusal>> {
    let secret = draw_secret(cx.random);
    register(cx.tx, new, &SecretHash::of(&secret), cx.now)?.map_err(Refused::Because)?;
    Ok(secret)
}

/// Creates a webhook whose secret the caller has generated and keeps, or returns why not.
///
/// # Errors
/// [`StoreError::Conflict`] when the user has a webhook with this secret.
pub fn register(
    tx: &mut dyn Tx,
    new: &NewWebhook<'_>,
    hash: &SecretHash,
    now: Timestamp,
) -> Result<Result<(), Refusal>, StoreError> {
    if let Err(reason) = users::find_person(tx, new.user)? {
        return Ok(Err(Refusal::User(reason)));
    }
    if new.expires_at.is_some_and(|end| end <= now) {
        return Ok(Err(Refusal::Expired));
    }
    let NewWebhook {
        user,
        scopes,
        title,
        expires_at,
    } = *new;
    auth::insert_webhook(tx, user, hash, scopes, title, now, expires_at)?;
    Ok(Ok(()))
}

/// Every webhook, including revoked and expired ones, in id order.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<Webhook>, StoreError> {
    auth::list_webhooks(tx)
}

/// Revokes a webhook: it is refused from now on. `false` when there is none with this id, or it was revoked before.
pub fn revoke(tx: &mut dyn Tx, id: i64, now: Timestamp) -> Result<bool, StoreError> {
    auth::revoke_webhook(tx, id, now)
}

/// The validity of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The user has no webhook with it.
    Unknown,
    /// The webhook can be used.
    Valid,
    /// The webhook was revoked or has expired, or its user is dismissed.
    Refused,
}

/// The present validity of a user's webhook secret.
pub fn standing(
    tx: &mut dyn Tx,
    user: UserId,
    hash: &SecretHash,
    now: Timestamp,
) -> Result<Standing, StoreError> {
    if auth::find_webhook(tx, user, hash)?.is_none() {
        return Ok(Standing::Unknown);
    }
    Ok(match check::webhook(tx, user, hash, now)? {
        Ok(_) => Standing::Valid,
        Err(_) => Standing::Refused,
    })
}

/// A new secret: [`SECRET_LENGTH`] letters and digits, each as likely as any other.
#[must_use]
pub fn draw_secret(random: &dyn Random) -> String {
    draw::letters(random, SECRET_LENGTH)
}
