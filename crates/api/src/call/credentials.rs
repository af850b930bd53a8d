//! Credentials of a request, and checking them.

use std::sync::Arc;

use readmark_app::auth::{self, Denied};
use readmark_model::{Caller, SecretHash, Timestamp, UserId};
use readmark_store::{StoreError, Tx};

use crate::{
    contract::system_error::{self, ApiError},
    portal::context::Portal,
};

/// Credentials of a request. Secrets are hashed at once and never kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credentials {
    /// None given.
    Missing,
    /// An incoming webhook: the user and the hash of the secret.
    Webhook(UserId, SecretHash),
    /// The hash of an access token.
    Token(SecretHash),
}

impl Credentials {
    /// Credentials in the path of a webhook.
    #[must_use]
    pub fn webhook(user: UserId, secret: &str) -> Self {
        Self::Webhook(user, SecretHash::of(secret))
    }

    /// Credentials by access token.
    #[must_use]
    pub fn token(token: &str) -> Self {
        Self::Token(SecretHash::of(token))
    }
}

/// Checks credentials outside of a method call and hands the caller to `done`, on a thread of the store.
pub fn authenticate(
    portal: &Arc<Portal>,
    credentials: Credentials,
    now: Timestamp,
    done: impl FnOnce(Result<Caller, ApiError>) + Send + 'static,
) {
    let checked_portal = Arc::clone(portal);
    portal.store.read_then(
        move |tx| authenticate_in(tx, &checked_portal, credentials, now),
        move |checked| {
            done(checked.unwrap_or_else(|error: StoreError| {
                tracing::error!(%error, "cannot check credentials");
                Err(system_error::of_fault(&error))
            }));
        },
    );
}

/// Checks credentials within a transaction, and records that their user is active.
pub(super) fn authenticate_in(
    tx: &mut dyn Tx,
    portal: &Portal,
    credentials: Credentials,
    now: Timestamp,
) -> Result<Result<Caller, ApiError>, StoreError> {
    let checked = match credentials {
        Credentials::Missing => return Ok(Err(system_error::NO_AUTH_FOUND)),
        Credentials::Webhook(user, hash) => auth::webhook(tx, user, &hash, now)?,
        Credentials::Token(hash) => auth::token(tx, &hash, now)?,
    };
    if let Ok(caller) = &checked {
        portal.context.presence.note(caller.user, now);
    }
    Ok(checked.map_err(|denied| match denied {
        Denied::Webhook => system_error::INVALID_CREDENTIALS,
        Denied::Token => system_error::INVALID_TOKEN,
        Denied::ExpiredToken => system_error::EXPIRED_TOKEN,
        Denied::User => system_error::AUTHORIZATION_ERROR,
        Denied::Removed => system_error::APPLICATION_NOT_FOUND,
        Denied::NotInstalled => system_error::ERROR_OAUTH,
        Denied::NotForUser => system_error::USER_ACCESS_ERROR,
    }))
}
