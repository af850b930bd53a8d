//! The consumers of what happened.
//!
//! [`consume`] runs after a method and before its commit, in the same transaction. It has the rows written that tell bots and users,
//! so that these are durable with what they tell of ([`keep`]), and stages the events for the bus, whose subscribers get them when
//! the commit is durable ([`Announcement::publish`]).
//!
//! Rows are kept by [`Consumer`]s: the streams of bots and of users (`streams`), and what is sent to the handlers of bots
//! (`handlers`; [`delivery`] writes the form in which it is sent). Who is told of what, for all of them, is decided by
//! [`readmark_app::events`]; `second` and `first` write what they are told, for the two generations of bots.
//!
//! A further kind of event that bots and users are told of takes a variant of [`Event`], a
//! [`StreamEvent`](readmark_model::bot::StreamEvent), and cases in [`told_as`] and [`Scene::load`]. One that not every listener
//! is to get has a level of its own in `members.listens`.

pub mod delivery;
mod first;
mod handlers;
mod second;
mod streams;

use readmark_app::{
    Cx,
    bus::Staged,
    events::{self, Audience, Scene, Told, ToldBot, scene::told_as},
};
use readmark_model::{Event, Timestamp};
use readmark_store::{StoreError, Tx};

use self::{
    handlers::Deliveries,
    streams::{BotStreams, UserStreams},
};
use crate::portal::context::{Portal, PortalContext};

/// The language of a portal, as events name it.
const LANGUAGE: &str = "en";

/// What is to be made known when the commit is durable.
#[derive(Debug)]
#[must_use = "nobody hears of the commit otherwise"]
pub struct Announcement {
    events: Staged,
    kept: Kept,
}

impl Announcement {
    /// Makes it known. The commit must be durable.
    pub fn publish(self, portal: &Portal) {
        self.events.publish();
        if self.kept.deliveries {
            portal.deliveries.wake();
        }
    }
}

/// Hands what a use case recorded to its consumers: to be called once, after the last change of the transaction.
///
/// # Errors
/// When the store fails.
pub fn consume(cx: &mut Cx<'_>, portal: &Portal) -> Result<Announcement, StoreError> {
    let events = std::mem::take(&mut cx.events);
    let kept = keep(cx.tx, &events, cx.now, &portal.context)?;
    Ok(Announcement {
        events: portal.bus.stage(events),
        kept,
    })
}

/// What the rows that were kept call for after the commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Something waits to be sent to the handler of a bot.
    pub deliveries: bool,
}

/// Keeps rows for everybody who is told of these events, all that happened in a transaction. Costs nothing where nothing happened
/// that anybody is told of, and one statement where nobody listens.
///
/// # Errors
/// When the store fails.
pub fn keep(
    tx: &mut dyn Tx,
    events: &[Event],
    now: Timestamp,
    portal: &PortalContext,
) -> Result<Kept, StoreError> {
    let told: Vec<&Event> = events
        .iter()
        .filter(|event| told_as(event).is_some())
        .collect();
    if told.is_empty() {
        return Ok(Kept::default());
    }
    let audience = Audience::lock_shared(tx, &told)?;
    let mut deliveries = Deliveries::default();
    for &event in &told {
        if let Event::BotDeleted { bot, handler, by } = event {
            deliveries.keep_end(tx, bot, handler.as_deref(), *by, now)?;
            continue;
        }
        if !audience.is_any(event) {
            continue;
        }
        let Some(scene) = Scene::load(tx, event)? else {
            continue;
        };
        let news = News::new(tx, &scene, &audience, &told, (portal, now))?;
        let consumers: [&mut dyn Consumer; 3] =
            [&mut BotStreams, &mut UserStreams, &mut deliveries];
        for consumer in consumers {
            consumer.keep(tx, &news)?;
        }
    }
    Ok(Kept {
        deliveries: deliveries.is_any(),
    })
}

/// Keeps rows of what happened, in the transaction in which it happens.
trait Consumer {
    /// Keeps what is for it of one event.
    fn keep(&mut self, tx: &mut dyn Tx, news: &News<'_>) -> Result<(), StoreError>;
}

/// An event with those who are told of it, and what they are told.
struct News<'a> {
    scene: &'a Scene<'a>,
    audience: &'a Audience,
    told: Told<'a>,
    text: second::Text<'a>,
    portal: &'a PortalContext,
    now: Timestamp,
}

impl<'a> News<'a> {
    fn new(
        tx: &mut dyn Tx,
        scene: &'a Scene<'a>,
        audience: &'a Audience,
        all: &[&Event],
        (portal, now): (&'a PortalContext, Timestamp),
    ) -> Result<Self, StoreError> {
        Ok(Self {
            scene,
            audience,
            told: events::told(tx, scene, audience, all)?,
            text: second::Text::new(scene, portal),
            portal,
            now,
        })
    }

    /// What a bot of the second generation is told.
    fn data_for(&self, told: &ToldBot<'_>) -> String {
        match told.up_to {
            Some(up_to) => self.text.of_read(told.bot.user, up_to, self.portal),
            None => self.text.for_bot(told.bot.user, self.portal),
        }
    }
}
