//! Events on their way to the handlers of bots.

use readmark_model::{Timestamp, UserId};

use crate::{StoreError, Tx, params, repo::event_handler::Handler};

/// An event to be sent.
#[derive(Clone, Copy, Debug)]
pub struct NewDelivery<'a> {
    /// Where to.
    pub handler: &'a Handler,
    /// What it tells, as JSON, without what is known only when it is sent.
    pub data: &'a str,
    /// The bot as it is now, as JSON: it may be gone when the event is sent.
    pub bot: &'a str,
    /// The user whose doing it tells of, if there is one.
    pub acting_user: Option<UserId>,
}

/// Puts an event behind those that wait for the same handler.
///
/// # Errors
/// When the store fails.
pub fn insert(tx: &mut dyn Tx, new: &NewDelivery<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO deliveries (bot_id, url, handler_id, event, data, bot, acting_user_id, created_at, state, attempts, \
         next_attempt_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, ?8)",
        params![
            new.handler.bot,
            &new.handler.url,
            new.handler.id,
            &new.handler.event,
            new.data,
            new.bot,
            new.acting_user,
            now,
        ],
    )
    .map(drop)
}
