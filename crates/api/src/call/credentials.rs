//! What a request shows to be authorised, and checking it.

use std::sync::Arc;

use readmark_app::auth::{self, Denied};
use readmark_model::{Caller, SecretHash, Timestamp, UserId};
use readmark_store::{StoreError, Tx};

use crate::{
    contract::system_error::{self, ApiError},
    portal::context::Portal,
};

/// How a request wants to be authorised. Secrets are hashed at once and never kept.
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
    /// Of a webhook's path.
    #[must_use]
    pub fn webhook(user: UserId, secret: &str) -> Self {
        Self::Webhook(user, SecretHash::of(secret))
    }

    /// Of an access token.
    #[must_use]
    pub fn token(token: &str) -> Self {
        Self::Token(SecretHash::of(token))
    }
}

/// Checks credentials where no method is called, and hands who they stand for to `done`, on a thread of the store.
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
                tracing::error!(%error, "credentials cannot be checked");
                Err(system_error::INTERNAL)
            }));
        },
    );
}

/// Checks credentials within a transaction, and notes that their user is active.
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
    }))
}
