//! Local applications and the users who were chosen for them.

use readmark_model::{
    Application, ApplicationId, Scopes, SecretHash, Timestamp, UserId, application::Audience,
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    repo::with_lock,
    sql::sql,
};

columns! {
    Application from "applications a" {
        id: ApplicationId = "a.id",
        client_id: String = "a.client_id",
        name: String = "a.name",
        handler_url: String = "a.handler_url",
        install_url: String = "a.install_url",
        scopes: Scopes = "a.scopes",
        has_ui: bool = "a.has_ui",
        audience: Audience = "a.audience",
        version: i64 = "a.version",
        created_at: Timestamp = "a.created_at",
        installed_at: Option<Timestamp> = "a.installed_at",
    }
}

/// An application by its number.
pub fn find(tx: &mut dyn Tx, id: ApplicationId) -> Result<Option<Application>, StoreError> {
    tx.find(
        sql!(Application::SELECT, " WHERE a.id = ?1"),
        params![id],
        Application::from_row,
    )
}

/// The same, and nobody else changes it or refers to it anew (`FOR UPDATE`).
pub fn lock_exclusive(
    tx: &mut dyn Tx,
    id: ApplicationId,
) -> Result<Option<Application>, StoreError> {
    let sql = with_lock!(
        tx,
        sql!(Application::SELECT, " WHERE a.id = ?1"),
        "FOR UPDATE"
    );
    tx.find(sql, params![id], Application::from_row)
}

/// An application by its client id.
pub fn find_by_client(tx: &mut dyn Tx, client_id: &str) -> Result<Option<Application>, StoreError> {
    tx.find(
        sql!(Application::SELECT, " WHERE a.client_id = ?1"),
        params![client_id],
        Application::from_row,
    )
}

/// The hash of an application's secret.
pub fn get_secret(tx: &mut dyn Tx, id: ApplicationId) -> Result<SecretHash, StoreError> {
    tx.get(
        "SELECT secret_hash FROM applications WHERE id = ?1",
        params![id],
        SecretHash::from_row,
    )
}

/// Every application, in the order of numbers.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<Application>, StoreError> {
    tx.list(
        sql!(Application::SELECT, " ORDER BY a.id"),
        params![],
        Application::from_row,
    )
}

/// Creates an application and answers its number; the one that it has is ignored.
///
/// # Errors
/// [`StoreError::Conflict`] when another one has its client id.
pub fn insert(
    tx: &mut dyn Tx,
    new: &Application,
    secret: &SecretHash,
) -> Result<ApplicationId, StoreError> {
    tx.get(
        "INSERT INTO applications (client_id, secret_hash, name, handler_url, install_url, scopes, has_ui, audience, version, \
         created_at, installed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING id",
        params![
            &new.client_id,
            secret,
            &new.name,
            &new.handler_url,
            &new.install_url,
            &new.scopes.to_string(),
            new.has_ui,
            new.audience.as_str(),
            new.version,
            new.created_at,
            new.installed_at
        ],
        |row| row.id(0),
    )
}

/// Changes everything of an application but its client id, its secret and when it was created.
pub fn update(tx: &mut dyn Tx, changed: &Application) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE applications SET name = ?2, handler_url = ?3, install_url = ?4, scopes = ?5, has_ui = ?6, audience = ?7, \
         version = ?8, installed_at = ?9 WHERE id = ?1",
        params![
            changed.id,
            &changed.name,
            &changed.handler_url,
            &changed.install_url,
            &changed.scopes.to_string(),
            changed.has_ui,
            changed.audience.as_str(),
            changed.version,
            changed.installed_at
        ],
    )
    .map(drop)
}

/// Replaces the secret of an application; `false` when there is none with this number.
pub fn update_secret(
    tx: &mut dyn Tx,
    id: ApplicationId,
    secret: &SecretHash,
) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE applications SET secret_hash = ?2 WHERE id = ?1",
        params![id, secret],
    )?;
    Ok(rows > 0)
}

/// Deletes an application, its chosen users, codes, grants and refresh tokens. Its access tokens stay, and tell that it is gone.
pub fn delete(tx: &mut dyn Tx, id: ApplicationId) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM application_users WHERE application_id = ?1",
        "DELETE FROM authorization_codes WHERE application_id = ?1",
        "DELETE FROM refresh_tokens WHERE grant_id IN (SELECT id FROM grants WHERE application_id = ?1)",
        "DELETE FROM grants WHERE application_id = ?1",
        "DELETE FROM applications WHERE id = ?1",
    ] {
        tx.execute(statement, params![id])?;
    }
    Ok(())
}

/// The users who were chosen for an application, in the order of ids.
pub fn list_users(tx: &mut dyn Tx, id: ApplicationId) -> Result<Vec<UserId>, StoreError> {
    tx.list(
        "SELECT user_id FROM application_users WHERE application_id = ?1 ORDER BY user_id",
        params![id],
        |row| row.id(0),
    )
}

/// Whether a user was chosen for an application.
pub fn has_user(tx: &mut dyn Tx, id: ApplicationId, user: UserId) -> Result<bool, StoreError> {
    let found = tx.find(
        "SELECT user_id FROM application_users WHERE application_id = ?1 AND user_id = ?2",
        params![id, user],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Replaces the users who were chosen for an application; each is named once.
pub fn update_users(
    tx: &mut dyn Tx,
    id: ApplicationId,
    users: &[UserId],
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM application_users WHERE application_id = ?1",
        params![id],
    )?;
    for &user in users {
        tx.execute(
            "INSERT INTO application_users (application_id, user_id) VALUES (?1, ?2)",
            params![id, user],
        )?;
    }
    Ok(())
}
