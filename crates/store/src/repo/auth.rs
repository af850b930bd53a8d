//! Incoming webhooks and access tokens. Of their secrets only hashes are stored.

use readmark_model::{Caller, Credential, Scopes, SecretHash, Timestamp, UserId, auth::Webhook};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    memory::{TokenRow, UserRow, WebhookRow},
    params,
    repo::hot,
    sql::sql,
};

/// The webhook that a user's id and a secret belong to.
#[derive(Clone, Debug)]
pub struct FoundWebhook {
    /// The caller that it authenticates.
    pub caller: Caller,
    /// Whether the user is not dismissed.
    pub user_active: bool,
    /// When it expires, if ever.
    pub expires_at: Option<Timestamp>,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// An access token that exists.
#[derive(Clone, Debug)]
pub struct FoundToken {
    /// The caller that it authenticates.
    pub caller: Caller,
    /// Whether the user is not dismissed.
    pub user_active: bool,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Whether it was revoked.
    pub revoked: bool,
}

columns! {
    Webhook from "webhooks" {
        id: i64 = "id",
        user: UserId = "user_id",
        scopes: Scopes = "scopes",
        title: String = "title",
        created_at: Timestamp = "created_at",
        expires_at: Option<Timestamp> = "expires_at",
        revoked_at: Option<Timestamp> = "revoked_at",
    }
}

columns! {
    /// A webhook with its user.
    pub(crate) struct WebhookOfUser from "webhooks w JOIN users u ON u.id = w.user_id" {
        id: i64 = "w.id",
        user: UserId = "w.user_id",
        scopes: Scopes = "w.scopes",
        expires_at: Option<Timestamp> = "w.expires_at",
        revoked: bool = "CASE WHEN w.revoked_at IS NULL THEN 0 ELSE 1 END",
        active: bool = "u.active",
        admin: bool = "u.admin",
        extranet: bool = "u.extranet",
    }
}

columns! {
    /// An access token with its user.
    pub(crate) struct TokenOfUser from "tokens t JOIN users u ON u.id = t.user_id" {
        client_id: String = "t.client_id",
        user: UserId = "t.user_id",
        scopes: Scopes = "t.scopes",
        expires_at: Timestamp = "t.expires_at",
        revoked: bool = "CASE WHEN t.revoked_at IS NULL THEN 0 ELSE 1 END",
        active: bool = "u.active",
        admin: bool = "u.admin",
        extranet: bool = "u.extranet",
    }
}

/// A webhook by its user and the hash of its secret.
pub fn find_webhook(
    tx: &mut dyn Tx,
    user: UserId,
    secret_hash: &SecretHash,
) -> Result<Option<FoundWebhook>, StoreError> {
    let found = if tx.memory().is_some() {
        known_webhook(tx, user, secret_hash)?
    } else {
        tx.find(
            sql!(
                WebhookOfUser::SELECT,
                " WHERE w.user_id = ?1 AND w.secret_hash = ?2"
            ),
            params![user, secret_hash],
            WebhookOfUser::from_row,
        )?
    };
    Ok(found.map(|webhook| FoundWebhook {
        caller: Caller {
            user: webhook.user,
            admin: webhook.admin,
            extranet: webhook.extranet,
            scopes: webhook.scopes,
            credential: Credential::Webhook(webhook.id),
        },
        user_active: webhook.active,
        expires_at: webhook.expires_at,
        revoked: webhook.revoked,
    }))
}

fn known_webhook(
    tx: &mut dyn Tx,
    user: UserId,
    secret_hash: &SecretHash,
) -> Result<Option<WebhookOfUser>, StoreError> {
    let Some(webhook) = hot::find::<WebhookRow>(tx, (user, *secret_hash))? else {
        return Ok(None);
    };
    let found = hot::find::<UserRow>(tx, user)?;
    Ok(found.map(|UserRow(found)| WebhookOfUser {
        id: webhook.id,
        user,
        scopes: webhook.scopes,
        expires_at: webhook.expires_at,
        revoked: webhook.revoked,
        active: found.active,
        admin: found.admin,
        extranet: found.extranet,
    }))
}

/// Creates a webhook and answers its id.
pub fn insert_webhook(
    tx: &mut dyn Tx,
    user: UserId,
    secret_hash: &SecretHash,
    scopes: Scopes,
    title: &str,
    now: Timestamp,
    expires_at: Option<Timestamp>,
) -> Result<i64, StoreError> {
    tx.get(
        "INSERT INTO webhooks (user_id, secret_hash, scopes, title, created_at, expires_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
        params![
            user,
            secret_hash,
            &scopes.to_string(),
            title,
            now,
            expires_at
        ],
        |row| row.int(0),
    )
}

/// Every webhook, in the order of ids.
pub fn list_webhooks(tx: &mut dyn Tx) -> Result<Vec<Webhook>, StoreError> {
    tx.list(
        sql!(Webhook::SELECT, " ORDER BY id"),
        params![],
        Webhook::from_row,
    )
}

/// Revokes a webhook; `false` when there is none, or it was revoked before.
pub fn revoke_webhook(tx: &mut dyn Tx, id: i64, now: Timestamp) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE webhooks SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
        params![id, now],
    )?;
    Ok(rows > 0)
}

/// An access token by its hash.
pub fn find_token(
    tx: &mut dyn Tx,
    token_hash: &SecretHash,
) -> Result<Option<FoundToken>, StoreError> {
    let found = if tx.memory().is_some() {
        known_token(tx, token_hash)?
    } else {
        tx.find(
            sql!(TokenOfUser::SELECT, " WHERE t.token_hash = ?1"),
            params![token_hash],
            TokenOfUser::from_row,
        )?
    };
    Ok(found.map(|token| FoundToken {
        caller: Caller {
            user: token.user,
            admin: token.admin,
            extranet: token.extranet,
            scopes: token.scopes,
            credential: Credential::Application(token.client_id),
        },
        user_active: token.active,
        expires_at: token.expires_at,
        revoked: token.revoked,
    }))
}

fn known_token(
    tx: &mut dyn Tx,
    token_hash: &SecretHash,
) -> Result<Option<TokenOfUser>, StoreError> {
    let Some(token) = hot::find::<TokenRow>(tx, *token_hash)? else {
        return Ok(None);
    };
    let found = hot::find::<UserRow>(tx, token.user)?;
    Ok(found.map(|UserRow(found)| TokenOfUser {
        client_id: token.client_id.as_ref().to_owned(),
        user: token.user,
        scopes: token.scopes,
        expires_at: token.expires_at,
        revoked: token.revoked,
        active: found.active,
        admin: found.admin,
        extranet: found.extranet,
    }))
}

/// Creates an access token for an application.
pub fn insert_token(
    tx: &mut dyn Tx,
    token_hash: &SecretHash,
    client_id: &str,
    user: UserId,
    scopes: Scopes,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO tokens (token_hash, client_id, user_id, scopes, created_at, expires_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            token_hash,
            client_id,
            user,
            &scopes.to_string(),
            now,
            expires_at
        ],
    )
    .map(drop)
}

/// Lets an access token expire now; `false` when there is none that is still valid.
pub fn expire_token(
    tx: &mut dyn Tx,
    token_hash: &SecretHash,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rows = hot::execute_on::<TokenRow>(
        tx,
        *token_hash,
        "UPDATE tokens SET expires_at = ?2 WHERE token_hash = ?1 AND expires_at > ?2",
        params![token_hash, now],
    )?;
    Ok(rows > 0)
}

/// The scopes that an application was granted last; `None` when it has no token.
pub fn find_application_scopes(
    tx: &mut dyn Tx,
    client_id: &str,
) -> Result<Option<Scopes>, StoreError> {
    tx.find(
        "SELECT scopes FROM tokens WHERE client_id = ?1 ORDER BY created_at DESC LIMIT 1",
        params![client_id],
        Scopes::from_row,
    )
}

/// Deletes up to `limit` tokens that expired before a time, except the latest of each application; answers how many.
pub fn delete_expired_tokens(
    tx: &mut dyn Tx,
    before: Timestamp,
    limit: i64,
) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM tokens WHERE token_hash IN (SELECT t.token_hash FROM tokens t WHERE t.expires_at < ?1 AND EXISTS \
         (SELECT 1 FROM tokens n WHERE n.client_id = t.client_id AND n.created_at > t.created_at) \
         ORDER BY t.expires_at LIMIT ?2)",
        params![before, limit],
    )
}
