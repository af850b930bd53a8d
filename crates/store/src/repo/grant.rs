//! What applications were granted: codes, grants and refresh tokens. Only hashes of codes and tokens are stored.

use readmark_model::{
    ApplicationId, GrantId, Scopes, SecretHash, Timestamp, UserId,
    application::{AuthorizationCode, Grant, RefreshToken},
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    repo::with_lock,
    sql::sql,
};

columns! {
    Grant from "grants" {
        id: GrantId = "id",
        application: ApplicationId = "application_id",
        user: UserId = "user_id",
        scopes: Scopes = "scopes",
    }
}

columns! {
    AuthorizationCode from "authorization_codes" {
        application: ApplicationId = "application_id",
        user: UserId = "user_id",
        scopes: Scopes = "scopes",
        expires_at: Timestamp = "expires_at",
        grant: Option<GrantId> = "grant_id",
    }
}

columns! {
    RefreshToken from "refresh_tokens" {
        grant: GrantId = "grant_id",
        expires_at: Timestamp = "expires_at",
        replaced_at: Option<Timestamp> = "replaced_at",
        uses: i64 = "uses",
    }
}

/// A code, which nobody else exchanges meanwhile.
pub fn lock_exclusive_code(
    tx: &mut dyn Tx,
    hash: &SecretHash,
) -> Result<Option<AuthorizationCode>, StoreError> {
    let sql = with_lock!(
        tx,
        sql!(AuthorizationCode::SELECT, " WHERE code_hash = ?1"),
        "FOR NO KEY UPDATE"
    );
    tx.find(sql, params![hash], AuthorizationCode::from_row)
}

/// Creates a code.
pub fn insert_code(
    tx: &mut dyn Tx,
    hash: &SecretHash,
    new: &AuthorizationCode,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO authorization_codes (code_hash, application_id, user_id, scopes, created_at, expires_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            hash,
            new.application,
            new.user,
            &new.scopes.to_string(),
            now,
            new.expires_at
        ],
    )
    .map(drop)
}

/// Records what a code was exchanged for.
pub fn update_code(tx: &mut dyn Tx, hash: &SecretHash, grant: GrantId) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE authorization_codes SET grant_id = ?2 WHERE code_hash = ?1",
        params![hash, grant],
    )
    .map(drop)
}

/// Deletes the codes of a user for an application except the latest `kept` ones.
pub fn delete_earlier_codes(
    tx: &mut dyn Tx,
    application: ApplicationId,
    user: UserId,
    kept: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM authorization_codes WHERE code_hash IN (SELECT c.code_hash FROM authorization_codes c \
         WHERE c.application_id = ?1 AND c.user_id = ?2 ORDER BY c.created_at DESC, c.code_hash LIMIT 1000 OFFSET ?3)",
        params![application, user, kept],
    )
    .map(drop)
}

/// Deletes up to `limit` codes that expired before a time; answers how many.
pub fn delete_expired_codes(
    tx: &mut dyn Tx,
    before: Timestamp,
    limit: i64,
) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM authorization_codes WHERE code_hash IN \
         (SELECT c.code_hash FROM authorization_codes c WHERE c.expires_at < ?1 ORDER BY c.expires_at LIMIT ?2)",
        params![before, limit],
    )
}

/// Creates a grant and answers its number.
pub fn insert(
    tx: &mut dyn Tx,
    application: ApplicationId,
    user: UserId,
    scopes: Scopes,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<GrantId, StoreError> {
    tx.get(
        "INSERT INTO grants (application_id, user_id, scopes, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
        params![application, user, &scopes.to_string(), now, expires_at],
        |row| row.id(0),
    )
}

/// A grant, which nobody else changes meanwhile.
pub fn lock_exclusive(tx: &mut dyn Tx, id: GrantId) -> Result<Option<Grant>, StoreError> {
    let sql = with_lock!(
        tx,
        sql!(Grant::SELECT, " WHERE id = ?1"),
        "FOR NO KEY UPDATE"
    );
    tx.find(sql, params![id], Grant::from_row)
}

/// Lets a grant end at a later time.
pub fn update_end(tx: &mut dyn Tx, id: GrantId, expires_at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE grants SET expires_at = ?2 WHERE id = ?1 AND expires_at < ?2",
        params![id, expires_at],
    )
    .map(drop)
}

/// The grants of an application by a user except the latest `kept` ones, the latest first.
pub fn list_earlier(
    tx: &mut dyn Tx,
    application: ApplicationId,
    user: UserId,
    kept: i64,
) -> Result<Vec<GrantId>, StoreError> {
    tx.list(
        "SELECT id FROM grants WHERE application_id = ?1 AND user_id = ?2 ORDER BY id DESC LIMIT 1000 OFFSET ?3",
        params![application, user, kept],
        |row| row.id(0),
    )
}

/// Ends a grant: revokes its access tokens and deletes its refresh tokens and the grant.
pub fn end(tx: &mut dyn Tx, id: GrantId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE tokens SET revoked_at = ?2 WHERE grant_id = ?1 AND revoked_at IS NULL",
        params![id, now],
    )?;
    for statement in [
        "DELETE FROM refresh_tokens WHERE grant_id = ?1",
        "DELETE FROM grants WHERE id = ?1",
    ] {
        tx.execute(statement, params![id])?;
    }
    Ok(())
}

/// Deletes up to `limit` grants that ended before a time, without their tokens, which ended with them; answers how many.
pub fn delete_expired(tx: &mut dyn Tx, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM grants WHERE id IN (SELECT g.id FROM grants g WHERE g.expires_at < ?1 ORDER BY g.expires_at LIMIT ?2)",
        params![before, limit],
    )
}

/// A refresh token by its hash.
pub fn find_refresh(
    tx: &mut dyn Tx,
    hash: &SecretHash,
) -> Result<Option<RefreshToken>, StoreError> {
    tx.find(
        sql!(RefreshToken::SELECT, " WHERE token_hash = ?1"),
        params![hash],
        RefreshToken::from_row,
    )
}

/// Creates a refresh token.
pub fn insert_refresh(
    tx: &mut dyn Tx,
    hash: &SecretHash,
    grant: GrantId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO refresh_tokens (token_hash, grant_id, created_at, expires_at, uses) VALUES (?1, ?2, ?3, ?4, 0)",
        params![hash, grant, now, expires_at],
    )
    .map(drop)
}

/// Records a use of a refresh token. The first one replaces it.
pub fn use_refresh(tx: &mut dyn Tx, hash: &SecretHash, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE refresh_tokens SET uses = uses + 1, replaced_at = COALESCE(replaced_at, ?2) WHERE token_hash = ?1",
        params![hash, now],
    )
    .map(drop)
}

/// Lets a refresh token expire now; `false` when there is none that is still good.
pub fn expire_refresh(
    tx: &mut dyn Tx,
    hash: &SecretHash,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE refresh_tokens SET expires_at = ?2 WHERE token_hash = ?1 AND expires_at > ?2",
        params![hash, now],
    )?;
    Ok(rows > 0)
}

/// Deletes the tokens of a grant except the latest `kept` ones of each kind.
pub fn delete_earlier_tokens(tx: &mut dyn Tx, grant: GrantId, kept: i64) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM refresh_tokens WHERE token_hash IN (SELECT r.token_hash FROM refresh_tokens r WHERE r.grant_id = ?1 \
         ORDER BY r.created_at DESC, r.token_hash LIMIT 1000 OFFSET ?2)",
        "DELETE FROM tokens WHERE token_hash IN (SELECT t.token_hash FROM tokens t WHERE t.grant_id = ?1 \
         ORDER BY t.created_at DESC, t.token_hash LIMIT 1000 OFFSET ?2)",
    ] {
        tx.execute(statement, params![grant, kept])?;
    }
    Ok(())
}

/// Deletes up to `limit` refresh tokens that expired before a time; answers how many.
pub fn delete_expired_refresh(
    tx: &mut dyn Tx,
    before: Timestamp,
    limit: i64,
) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM refresh_tokens WHERE token_hash IN \
         (SELECT r.token_hash FROM refresh_tokens r WHERE r.expires_at < ?1 ORDER BY r.expires_at LIMIT ?2)",
        params![before, limit],
    )
}
