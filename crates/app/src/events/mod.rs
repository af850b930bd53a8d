//! Recipients of events, and where events wait for them (sources: recipients of events, first generation).
//!
//! The format of an event is decided elsewhere; this module decides who gets it. [`scene::told_as`] says which events bots
//! and users receive at all, [`Audience`] finds the listeners in the chat, [`Scene`] loads the content, and [`told`] chooses
//! the recipients. [`keep`] stores the written events in streams, or as deliveries.

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

/// The recipients of an event.
#[derive(Debug)]
pub struct Told<'a> {
    /// In id order.
    pub bots: Vec<ToldBot<'a>>,
    /// Subscribed users, in id order.
    pub users: Vec<&'a Listener>,
    /// Of events with the same subject only the latest waits.
    pub subject: Option<String>,
}

/// A bot that receives an event.
#[derive(Clone, Copy, Debug)]
pub struct ToldBot<'a> {
    /// The bot.
    pub bot: &'a Bot,
    /// The message up to which a member read, for a read event.
    pub up_to: Option<MessageId>,
}

/// Those of an audience who receive an event. `all` are the events of the same transaction.
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
