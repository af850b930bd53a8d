//! Who is told of what happened, and where that waits for them (`spec_events` §3 to §10).
//!
//! Somebody else decides how an event is written; here it is decided who gets it. [`scene::told_as`] says which events bots and
//! users are told of at all, [`Audience`] finds those who listen in the chat, [`Scene`] loads what there is to tell, and [`told`]
//! chooses those who are told. [`keep`] puts what was written for them into their streams, or where it is sent from.

mod audience;
pub mod facts;
mod hearing;
pub mod keep;
mod reads;
pub mod scene;

use readmark_model::{Event, MessageId, bot::Bot, stream::Listener};
use readmark_store::{StoreError, Tx};

pub use self::{
    audience::Audience,
    scene::{Scene, Spoken},
};

/// Those who are told of an event.
#[derive(Debug)]
pub struct Told<'a> {
    /// In the order of ids.
    pub bots: Vec<ToldBot<'a>>,
    /// Users who subscribed, in the order of ids.
    pub users: Vec<&'a Listener>,
    /// Of events with the same subject only the latest waits.
    pub subject: Option<String>,
}

/// A bot that is told of an event.
#[derive(Clone, Copy, Debug)]
pub struct ToldBot<'a> {
    /// The bot.
    pub bot: &'a Bot,
    /// Up to which message somebody read, if it is told of that.
    pub up_to: Option<MessageId>,
}

/// Those of an audience who are told of an event. `all` is what else happened in the same transaction.
pub fn told<'a>(
    tx: &mut dyn Tx,
    scene: &'a Scene<'a>,
    audience: &'a Audience,
    all: &[&Event],
) -> Result<Told<'a>, StoreError> {
    let listeners = audience.of(scene.chat.id);
    let bots = match scene.event {
        Event::DialogRead {
            viewed: Some(range),
            ..
        } => reads::heard(tx, scene, *range, listeners)?,
        _ => hearing::bots(tx, scene, audience, all)?,
    };
    Ok(Told {
        bots,
        users: hearing::users(scene, listeners).collect(),
        subject: reads::subject(scene),
    })
}
