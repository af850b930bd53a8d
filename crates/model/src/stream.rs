//! Streams of events, which bots and users fetch.

use crate::{
    bot::Bot,
    ids::{Seq, Timestamp, UserId},
};

/// The listening level for the events that every stream gets.
pub const LISTENS: i64 = 1;

/// The listening level at which a bot's stream also gets reads.
pub const LISTENS_TO_READS: i64 = 2;

/// A member of a chat who listens to its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// The user.
    pub user: UserId,
    /// The level: [`LISTENS`], or a greater one.
    pub listens: i64,
    /// The first seq that the member can see.
    pub visible_from: Seq,
    /// The bot, if it is one.
    pub bot: Option<Bot>,
}

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
