//! Where what somebody is told waits: in a stream that is asked for, or to be sent to a handler.

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
    /// Whose stream, which is locked.
    pub user: UserId,
    /// The name of the event.
    pub event: &'a str,
    /// Its data, as JSON.
    pub data: &'a str,
}

/// Writes an event to a stream; one with a subject takes the place of that with the same subject that was not acknowledged yet.
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

/// Puts an event behind those that are to be sent to the same handler; one with a subject takes the place of that with the same subject
/// that nobody began to send.
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
        // It has no handler of its own, and goes where messages go.
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
