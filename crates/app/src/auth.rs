//! Checking credentials.

use readmark_model::{Caller, SecretHash, Timestamp, UserId, application::Barred};
use readmark_store::{
    StoreError, Tx,
    repo::auth::{self, IssuedTo},
};

/// Why a credential is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The webhook is unknown, revoked or expired, or its user is dismissed. Callers cannot tell which.
    Webhook,
    /// The token is unknown or revoked.
    Token,
    /// The token has expired.
    ExpiredToken,
    /// The token's user is dismissed.
    User,
    /// The application of the token was removed.
    Removed,
    /// The application of the token is not installed yet, and its user does not administer the portal.
    NotInstalled,
    /// The application of the token is not for its user.
    NotForUser,
}

/// Checks a webhook's user and the hash of its secret.
pub fn webhook(
    tx: &mut dyn Tx,
    user: UserId,
    secret_hash: &SecretHash,
    now: Timestamp,
) -> Result<Result<Caller, Denied>, StoreError> {
    let found = auth::find_webhook(tx, user, secret_hash)?;
    Ok(found
        .filter(|found| {
            found.user_active && !found.revoked && found.expires_at.is_none_or(|end| now < end)
        })
        .map(|found| found.caller)
        .ok_or(Denied::Webhook))
}

/// Checks the hash of an access token. It may be used for no more than its application at present.
pub fn token(
    tx: &mut dyn Tx,
    token_hash: &SecretHash,
    now: Timestamp,
) -> Result<Result<Caller, Denied>, StoreError> {
    let Some(mut found) = auth::find_token(tx, token_hash)? else {
        return Ok(Err(Denied::Token));
    };
    let standing = match found.issued_to {
        IssuedTo::Unregistered => None,
        IssuedTo::Removed => return Ok(Err(Denied::Removed)),
        IssuedTo::Registered(standing, visitor) => Some((standing, visitor)),
    };
    if found.revoked {
        return Ok(Err(Denied::Token));
    }
    if now >= found.expires_at {
        return Ok(Err(Denied::ExpiredToken));
    }
    if !found.user_active {
        return Ok(Err(Denied::User));
    }
    if let Some((standing, visitor)) = standing {
        if let Err(barred) = standing.admit(visitor) {
            return Ok(Err(match barred {
                Barred::NotInstalled => Denied::NotInstalled,
                Barred::NotChosen => Denied::NotForUser,
            }));
        }
        found.caller.scopes = found.caller.scopes.and(standing.scopes);
    }
    Ok(Ok(found.caller))
}
