//! Events that wait for a bot.

use anyhow::Result;
use readmark_app::stream::{self, Look, Position};
use readmark_model::{Timestamp, UserId, delivery::Delivery, stream::Recorded};
use serde::{Deserialize, Serialize};

use super::{Ground, Outcome};

/// Number of events that are answered at once, of each kind.
const PAGE: i64 = 100;

/// The length of their data, in bytes, from which on fewer are.
const LONG: usize = 1 << 20;

/// From where on events are looked at.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peek {
    /// Id of the bot.
    pub bot: i64,
    /// The least id in its stream.
    pub recorded: i64,
    /// The least id of what is to be sent to its handler.
    pub to_send: i64,
}

/// Events that wait for a bot, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// In its stream.
    pub recorded: Vec<Event>,
    /// To be sent to its handler.
    pub to_send: Vec<Event>,
    /// There may be more at once.
    pub more: bool,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub event: String,
    /// When it happened: milliseconds since 1970.
    pub created_at: i64,
    /// Number of attempts to send it; 0 in a stream.
    pub attempts: i64,
    /// Its data as JSON.
    pub data: String,
}

impl Waiting {
    /// What was found, without what would be too long.
    #[must_use]
    pub fn of(found: stream::Waiting) -> Self {
        let is_full = |count: usize| i64::try_from(count).is_ok_and(|count| count >= PAGE);
        let mut waiting = Self {
            more: is_full(found.recorded.len()) || is_full(found.to_send.len()),
            ..Self::default()
        };
        let mut length = 0;
        let recorded = found
            .recorded
            .into_iter()
            .map(|one: Recorded| event(one.id, one.event, one.created_at, 0, one.data));
        waiting.more |= take(&mut waiting.recorded, recorded, &mut length);
        let to_send = found
            .to_send
            .into_iter()
            .map(|one: Delivery| event(one.id, one.event, one.created_at, one.attempts, one.data));
        waiting.more |= take(&mut waiting.to_send, to_send, &mut length);
        waiting
    }
}

impl Peek {
    /// Looks at them in an open transaction.
    ///
    /// # Errors
    /// As [`stream::peek`].
    pub fn look(
        self,
        tx: &mut dyn readmark_store::Tx,
        look: Look,
    ) -> Result<Waiting, readmark_app::Interrupt> {
        let from = Position {
            recorded: self.recorded,
            to_send: self.to_send,
        };
        stream::peek(tx, look, UserId(self.bot), from, PAGE).map(Waiting::of)
    }
}

pub(super) fn peek(ground: &Ground<'_>, peek: Peek) -> Result<Outcome> {
    let found = ground.store.write(move |tx| peek.look(tx, Look::Writing))?;
    Ok(Outcome::Waiting(found))
}

fn event(id: i64, event: String, created_at: Timestamp, attempts: i64, data: String) -> Event {
    Event {
        id,
        event,
        created_at: created_at.get(),
        attempts,
        data,
    }
}

/// Takes events until they are long enough; tells whether any is left.
fn take(taken: &mut Vec<Event>, events: impl Iterator<Item = Event>, length: &mut usize) -> bool {
    for event in events {
        if *length > LONG {
            return true;
        }
        *length += event.data.len();
        taken.push(event);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_left_for_the_next_time() {
        let events = |count: i64| {
            (0..count).map(|id| event(id, "E".into(), Timestamp(0), 0, "x".repeat(LONG / 2)))
        };
        let (mut taken, mut length) = (Vec::new(), 0);
        assert!(!take(&mut taken, events(2), &mut length));
        assert!(take(&mut taken, events(5), &mut length));
        assert_eq!(taken.len(), 3);
    }
}
