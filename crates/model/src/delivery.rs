//! Events that are sent to the handlers of bots.

use crate::ids::{Timestamp, UserId};

/// An event that is being sent or was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, by which handlers recognise repetitions.
    pub id: i64,
    /// The bot that it is for.
    pub bot: UserId,
    /// Where it is sent.
    pub url: String,
    /// The id of the handler.
    pub handler: i64,
    /// Name of the event.
    pub event: String,
    /// Its data as JSON.
    pub data: String,
    /// The bot as it was, as JSON.
    pub snapshot: String,
    /// The user who caused it, if any.
    pub acting_user: Option<UserId>,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// Whether it was given up.
    pub given_up: bool,
    /// The number of attempts begun.
    pub attempts: i64,
    /// When it may be sent next.
    pub next_attempt_at: Timestamp,
    /// When it was last replayed, or 0.
    pub replayed_at: Timestamp,
}

/// The queue of events for one bot at one address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lane {
    /// The bot.
    pub bot: UserId,
    /// The address.
    pub url: String,
}

/// The first event of a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The lane.
    pub lane: Lane,
    /// The number of attempts begun.
    pub attempts: i64,
    /// When it may be sent next.
    pub next_attempt_at: Timestamp,
}

/// An attempt to send an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The event.
    pub delivery: i64,
    /// The bot.
    pub bot: UserId,
    /// Where it was sent.
    pub url: String,
    /// Name of the event.
    pub event: String,
    /// The attempt number, from 1 on.
    pub attempt: i64,
    /// When it began.
    pub attempted_at: Timestamp,
    /// How long it took, in milliseconds.
    pub duration: i64,
    /// The status of the answer, 0 for none.
    pub status: i64,
    /// What went wrong; empty if it succeeded.
    pub error: String,
}
