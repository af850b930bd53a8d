//! The operator's view of deliveries, and replaying those that were given up.

use readmark_model::{
    Timestamp, UserId,
    delivery::{Attempt, Delivery},
};
use readmark_store::{StoreError, Tx, repo::delivery};

/// Waiting or, with `given_up`, given-up events of one bot or all, up to `limit` in id order.
pub fn list(
    tx: &mut dyn Tx,
    given_up: bool,
    bot: Option<UserId>,
    limit: i64,
) -> Result<Vec<Delivery>, StoreError> {
    delivery::list(tx, given_up, bot, limit)
}

/// The attempts to send an event, oldest first.
pub fn attempts(tx: &mut dyn Tx, id: i64) -> Result<Vec<Attempt>, StoreError> {
    delivery::list_attempts(tx, id)
}

/// The latest attempts of one bot or all, up to `limit`, latest first.
pub fn latest_attempts(
    tx: &mut dyn Tx,
    bot: Option<UserId>,
    limit: i64,
) -> Result<Vec<Attempt>, StoreError> {
    delivery::list_latest_attempts(tx, bot, limit)
}

/// The latest attempts for a bot that began at a time or later, up to `limit`, oldest first.
pub fn attempts_since(
    tx: &mut dyn Tx,
    bot: UserId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Attempt>, StoreError> {
    delivery::list_attempts_since(tx, bot, since, limit)
}

/// An event by its id. One that was delivered is kept for about a minute.
pub fn find(tx: &mut dyn Tx, id: i64) -> Result<Option<Delivery>, StoreError> {
    delivery::find(tx, id)
}

/// The event with this id was not given up, or its bot no longer has a handler for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotReplayable(pub i64);

/// Replays given-up events: all of them, or none if one cannot be replayed, so that a mistake can be corrected.
pub fn replay(
    tx: &mut dyn Tx,
    ids: &[i64],
    now: Timestamp,
) -> Result<Result<(), NotReplayable>, StoreError> {
    for &id in ids {
        if !delivery::is_replayable(tx, id)? {
            return Ok(Err(NotReplayable(id)));
        }
    }
    for &id in ids {
        delivery::replay(tx, id, now)?;
    }
    Ok(Ok(()))
}

/// Replays every given-up event that still has a handler, of one bot or all; returns how many.
pub fn replay_all(tx: &mut dyn Tx, bot: Option<UserId>, now: Timestamp) -> Result<u64, StoreError> {
    delivery::replay_all(tx, bot, now)
}
