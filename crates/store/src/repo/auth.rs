//! Incoming webhooks and access tokens. Of their secrets only hashes are stored.

use readmark_model::{
    ApplicationId, Caller, Credential, GrantId, Scopes, SecretHash, Timestamp, UserId, UserKind,
    application::{Audience, Standing, Visitor},
    auth::Webhook,
};

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
    /// The application that it was issued to.
    pub issued_to: IssuedTo,
}

/// The application of an access token.
#[derive(Clone, Copy, Debug)]
pub enum IssuedTo {
    /// None that is registered: only a client id.
    Unregistered,
    /// One that was removed.
    Removed,
    /// This one, which the token's user wants to use.
    Registered(Standing, Visitor),
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
    /// What is decided of an application by who wants to use it.
    pub(crate) struct StandingRow from "applications a" {
        audience: Audience = "a.audience",
        scopes: Scopes = "a.scopes",
        installed_at: Option<Timestamp> = "a.installed_at",
    }
}

columns! {
    /// An access token with its user and its application.
    pub(crate) struct TokenOfUser
        from "tokens t JOIN users u ON u.id = t.user_id LEFT JOIN applications a ON a.id = t.application_id" {
        client_id: String = "t.client_id",
        user: UserId = "t.user_id",
        scopes: Scopes = "t.scopes",
        expires_at: Timestamp = "t.expires_at",
        revoked: bool = "CASE WHEN t.revoked_at IS NULL THEN 0 ELSE 1 END",
        active: bool = "u.active",
        admin: bool = "u.admin",
        extranet: bool = "u.extranet",
        kind: UserKind = "u.kind",
        chosen: bool = "(SELECT COUNT(*) FROM application_users c WHERE c.application_id = t.application_id AND c.user_id = t.user_id)",
        application: Option<ApplicationId> = "t.application_id",
        standing: Option<StandingRow> = StandingRow::COLUMNS,
    }
}

impl TokenOfUser {
    fn issued_to(&self) -> IssuedTo {
        match (self.application, &self.standing) {
            (None, _) => IssuedTo::Unregistered,
            (Some(_), None) => IssuedTo::Removed,
            (Some(_), Some(row)) => IssuedTo::Registered(
                Standing {
                    installed: row.installed_at.is_some(),
                    audience: row.audience,
                    scopes: row.scopes,
                },
                Visitor {
                    kind: self.kind,
                    admin: self.admin,
                    chosen: self.chosen,
                },
            ),
        }
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
            expires_at: webhook.expires_at,
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
        stored_token(tx, token_hash)?
    };
    Ok(found.map(|token| FoundToken {
        issued_to: token.issued_to(),
        caller: Caller {
            user: token.user,
            admin: token.admin,
            extranet: token.extranet,
            scopes: token.scopes,
            credential: Credential::Application(token.client_id),
            expires_at: Some(token.expires_at),
        },
        user_active: token.active,
        expires_at: token.expires_at,
        revoked: token.revoked,
    }))
}

fn stored_token(
    tx: &mut dyn Tx,
    token_hash: &SecretHash,
) -> Result<Option<TokenOfUser>, StoreError> {
    tx.find(
        sql!(TokenOfUser::SELECT, " WHERE t.token_hash = ?1"),
        params![token_hash],
        TokenOfUser::from_row,
    )
}

/// What is known of a token. Applications and their users are not kept in memory: one of theirs is looked up.
fn known_token(
    tx: &mut dyn Tx,
    token_hash: &SecretHash,
) -> Result<Option<TokenOfUser>, StoreError> {
    let Some(token) = hot::find::<TokenRow>(tx, *token_hash)? else {
        return Ok(None);
    };
    if token.application.is_some() {
        return stored_token(tx, token_hash);
    }
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
        kind: found.kind,
        chosen: false,
        application: None,
        standing: None,
    }))
}

/// An access token to create.
#[derive(Clone, Copy, Debug)]
pub struct NewToken<'a> {
    /// Client id of the application.
    pub client_id: &'a str,
    /// The application, if it is registered.
    pub application: Option<ApplicationId>,
    /// The grant that it comes from, if it does.
    pub grant: Option<GrantId>,
    /// The user whose rights it has.
    pub user: UserId,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// Creates an access token for an application.
pub fn insert_token(
    tx: &mut dyn Tx,
    token_hash: &SecretHash,
    new: &NewToken<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO tokens (token_hash, client_id, user_id, scopes, created_at, expires_at, application_id, grant_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            token_hash,
            new.client_id,
            new.user,
            &new.scopes.to_string(),
            now,
            new.expires_at,
            new.application,
            new.grant
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
