//! What the operator sees of events that are sent, and sending again what was given up.

use readmark_model::{
    Timestamp, UserId,
    delivery::{Attempt, Delivery},
};
use readmark_store::{StoreError, Tx, repo::delivery};

/// Events that wait or, with `given_up`, were given up, of one bot or of all, up to `limit` in the order of their ids.
pub fn list(
    tx: &mut dyn Tx,
    given_up: bool,
    bot: Option<UserId>,
    limit: i64,
) -> Result<Vec<Delivery>, StoreError> {
    delivery::list(tx, given_up, bot, limit)
}

/// The attempts to send an event, the oldest first.
pub fn attempts(tx: &mut dyn Tx, id: i64) -> Result<Vec<Attempt>, StoreError> {
    delivery::list_attempts(tx, id)
}

/// The latest attempts, of one bot or of all, up to `limit`, the latest first.
pub fn latest_attempts(
    tx: &mut dyn Tx,
    bot: Option<UserId>,
    limit: i64,
) -> Result<Vec<Attempt>, StoreError> {
    delivery::list_latest_attempts(tx, bot, limit)
}

/// The event of this number was not given up, or its bot has no handler for it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotReplayable(pub i64);

/// Sends events again that were given up: all of them, or none where one of them cannot be sent again, so that a mistake can
/// be put right.
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

/// Sends every event again that was given up and that somebody handles, of one bot or of all; answers how many.
pub fn replay_all(tx: &mut dyn Tx, bot: Option<UserId>, now: Timestamp) -> Result<u64, StoreError> {
    delivery::replay_all(tx, bot, now)
}
