//! Streams of events, which bots and users fetch.

use crate::ids::{Timestamp, UserId};

/// An event in a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its id: one sequence for all streams.
    pub id: i64,
    /// The owner of the stream.
    pub user: UserId,
    /// Its name.
    pub event: String,
    /// Its data as JSON.
    pub data: String,
    /// When it happened.
    pub created_at: Timestamp,
}
