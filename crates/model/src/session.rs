//! Sessions of people who signed in to the pages of a portal.

use crate::ids::{Timestamp, UserId};

/// A session, without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub id: i64,
    /// Who signed in.
    pub user: UserId,
    /// What the browser said of itself, shortened.
    pub agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}
