//! Incoming webhooks: creating, listing and revoking them. The only place that creates webhooks.
//!
//! A webhook is identified by its user and its secret, which is part of its URL. Only the hash of the secret is stored, so it
//! can only be shown when the webhook is created.

use readmark_model::{Scopes, SecretHash, Timestamp, UserId, Webhook};
use readmark_store::{StoreError, Tx, repo::auth};

use crate::{
    Cx, Random, Refused, auth as check,
    users::{self, NoPerson},
};

/// Letters and digits of a secret: about 165 bits.
pub const SECRET_LENGTH: usize = 32;

/// The alphabet of secrets.
const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

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
    // The greatest multiple of 36 in a byte: bytes from here on would favour the first letters.
    const FAIR: u8 = 252;
    let mut secret = String::with_capacity(SECRET_LENGTH);
    let mut bytes = [0_u8; 64];
    while secret.len() < SECRET_LENGTH {
        random.fill(&mut bytes);
        let fair = bytes.iter().filter(|&&byte| byte < FAIR);
        let letters = fair.map(|&byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
        secret.extend(letters.take(SECRET_LENGTH - secret.len()));
    }
    secret
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    #[test]
    fn bytes_that_would_favour_some_letters_are_drawn_again() {
        struct Falling(AtomicU8);
        impl Random for Falling {
            fn fill(&self, bytes: &mut [u8]) {
                bytes.fill(self.0.fetch_sub(1, Ordering::Relaxed));
            }
        }
        // 255 to 252 are drawn again; 251 is the last letter of the alphabet.
        assert_eq!(draw_secret(&Falling(255.into())), "9".repeat(SECRET_LENGTH));
    }

    #[test]
    fn a_secret_has_its_length_and_alphabet() {
        struct Counting(AtomicU8);
        impl Random for Counting {
            fn fill(&self, bytes: &mut [u8]) {
                for byte in bytes {
                    *byte = self.0.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        let random = Counting(0.into());
        let (one, other) = (draw_secret(&random), draw_secret(&random));
        assert_eq!(one, "abcdefghijklmnopqrstuvwxyz012345");
        assert_eq!(other.len(), SECRET_LENGTH);
        assert_ne!(one, other);
    }
}
