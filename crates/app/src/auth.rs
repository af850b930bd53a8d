//! Checking credentials.

use readmark_model::{Caller, SecretHash, Timestamp, UserId};
use readmark_store::{StoreError, Tx, repo::auth};

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

/// Checks the hash of an access token.
pub fn token(
    tx: &mut dyn Tx,
    token_hash: &SecretHash,
    now: Timestamp,
) -> Result<Result<Caller, Denied>, StoreError> {
    let Some(found) = auth::find_token(tx, token_hash)? else {
        return Ok(Err(Denied::Token));
    };
    Ok(if found.revoked {
        Err(Denied::Token)
    } else if now >= found.expires_at {
        Err(Denied::ExpiredToken)
    } else if found.user_active {
        Ok(found.caller)
    } else {
        Err(Denied::User)
    })
}
