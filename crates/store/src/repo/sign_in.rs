//! Passwords, sessions and invitations. Only hashes of their secrets are stored.

use readmark_model::{SecretHash, Timestamp, UserId, session::Session};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    repo::with_lock,
    sql::sql,
};

columns! {
    Session from "sessions s" {
        id: i64 = "s.id",
        user: UserId = "s.user_id",
        agent: String = "s.agent",
        created_at: Timestamp = "s.created_at",
        expires_at: Timestamp = "s.expires_at",
    }
}

/// The hash of a user's password; nobody else changes it.
pub fn lock_exclusive_password(
    tx: &mut dyn Tx,
    user: UserId,
) -> Result<Option<String>, StoreError> {
    let sql = with_lock!(
        tx,
        "SELECT hash FROM passwords WHERE user_id = ?1",
        "FOR NO KEY UPDATE"
    );
    tx.find(sql, params![user], String::from_row)
}

/// The hash of a user's password.
pub fn find_password(tx: &mut dyn Tx, user: UserId) -> Result<Option<String>, StoreError> {
    tx.find(
        "SELECT hash FROM passwords WHERE user_id = ?1",
        params![user],
        String::from_row,
    )
}

/// Sets the hash of a user's password.
pub fn update_password(
    tx: &mut dyn Tx,
    user: UserId,
    hash: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO passwords (user_id, hash, changed_at) VALUES (?1, ?2, ?3) \
         ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at",
        params![user, hash, now],
    )
    .map(drop)
}

/// Begins a session.
pub fn insert_session(
    tx: &mut dyn Tx,
    token: &SecretHash,
    new: &Session,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sessions (token_hash, user_id, agent, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![token, new.user, &new.agent, new.created_at, new.expires_at],
    )
    .map(drop)
}

/// A session by its token; of users who are not dismissed only.
pub fn find_session(tx: &mut dyn Tx, token: &SecretHash) -> Result<Option<Session>, StoreError> {
    tx.find(
        sql!(
            Session::SELECT,
            " JOIN users u ON u.id = s.user_id WHERE s.token_hash = ?1 AND u.active = 1"
        ),
        params![token],
        Session::from_row,
    )
}

/// The sessions of a user, the latest first.
pub fn list_sessions(tx: &mut dyn Tx, user: UserId) -> Result<Vec<Session>, StoreError> {
    tx.list(
        sql!(Session::SELECT, " WHERE s.user_id = ?1 ORDER BY s.id DESC"),
        params![user],
        Session::from_row,
    )
}

/// Ends a session of a user; `false` when there is none.
pub fn delete_session(tx: &mut dyn Tx, user: UserId, id: i64) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "DELETE FROM sessions WHERE user_id = ?1 AND id = ?2",
        params![user, id],
    )?;
    Ok(rows > 0)
}

/// Ends all sessions of a user; answers how many.
pub fn delete_sessions(tx: &mut dyn Tx, user: UserId) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM sessions WHERE user_id = ?1", params![user])
}

/// Ends the sessions of a user except the latest `kept` ones.
pub fn delete_earlier_sessions(tx: &mut dyn Tx, user: UserId, kept: i64) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM sessions WHERE id IN (SELECT s.id FROM sessions s WHERE s.user_id = ?1 ORDER BY s.id DESC LIMIT 1000 OFFSET ?2)",
        params![user, kept],
    )
    .map(drop)
}

/// Deletes up to `limit` sessions that have expired; answers how many.
pub fn delete_expired_sessions(
    tx: &mut dyn Tx,
    now: Timestamp,
    limit: i64,
) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM sessions WHERE id IN (SELECT s.id FROM sessions s WHERE s.expires_at <= ?1 ORDER BY s.expires_at LIMIT ?2)",
        params![now, limit],
    )
}

/// Makes the invitation of a user, in place of an earlier one.
pub fn update_invitation(
    tx: &mut dyn Tx,
    user: UserId,
    token: &SecretHash,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO invitations (user_id, token_hash, expires_at) VALUES (?1, ?2, ?3) \
         ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at",
        params![user, token, expires_at],
    )
    .map(drop)
}

/// The user of an invitation that is good at a time.
pub fn find_invited(
    tx: &mut dyn Tx,
    token: &SecretHash,
    now: Timestamp,
) -> Result<Option<UserId>, StoreError> {
    tx.find(
        "SELECT user_id FROM invitations WHERE token_hash = ?1 AND expires_at > ?2",
        params![token, now],
        UserId::from_row,
    )
}

/// Ends the invitation of a user; `false` when there is none.
pub fn delete_invitation(tx: &mut dyn Tx, user: UserId) -> Result<bool, StoreError> {
    let rows = tx.execute("DELETE FROM invitations WHERE user_id = ?1", params![user])?;
    Ok(rows > 0)
}
