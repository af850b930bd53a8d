//! Storing events for their recipients: in a stream to be fetched, or as a delivery to a handler.

use readmark_model::{
    Timestamp, UserId,
    bot::{Bot, Generation, Handler, StreamEvent},
};
use readmark_store::{
    StoreError, Tx,
    repo::{delivery, event_handler, stream},
};

pub use delivery::NewDelivery;

use super::Scene;

/// An event for a stream.
#[derive(Clone, Copy, Debug)]
pub struct NewRecord<'a> {
    /// The owner of the stream, which is locked.
    pub user: UserId,
    /// The name of the event.
    pub event: &'a str,
    /// Its data, as JSON.
    pub data: &'a str,
}

/// Writes an event to a stream; one with a subject replaces an unacknowledged event with the same subject.
pub fn record(
    tx: &mut dyn Tx,
    new: &NewRecord<'_>,
    subject: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let NewRecord { user, event, data } = *new;
    match subject {
        Some(subject) => stream::insert_latest(tx, user, event, data, subject, now),
        None => stream::insert(tx, user, event, data, now),
    }
}

/// Queues an event for a handler; one with a subject replaces an event with the same subject that has not been attempted yet.
pub fn deliver(
    tx: &mut dyn Tx,
    new: &NewDelivery<'_>,
    subject: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    match subject {
        Some(subject) => delivery::insert_latest(tx, new, subject, now),
        None => delivery::insert(tx, new, now),
    }
}

/// The handler of a bot to which an event is sent, if it has one.
pub fn find_handler(
    tx: &mut dyn Tx,
    bot: &Bot,
    scene: &Scene<'_>,
) -> Result<Option<Handler>, StoreError> {
    let Some(name) = scene.kind.bot_name(bot.generation) else {
        return Ok(None);
    };
    if scene.kind == StreamEvent::MessageRead {
        // It has no handler of its own, and uses the one for messages.
        let messages = StreamEvent::MessageAdd.bot_name(bot.generation);
        let found = event_handler::find(tx, bot.user, messages.unwrap_or_default(), 0)?;
        return Ok(found.map(|handler| Handler {
            event: name.to_owned(),
            ..handler
        }));
    }
    let command = match bot.generation {
        Generation::First => scene.command().map_or(0, |call| call.command),
        Generation::Second => 0,
    };
    event_handler::find(tx, bot.user, name, command)
}
