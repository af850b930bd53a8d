//! The consumers of events.
//!
//! [`consume`] runs after a method and before its commit, in the same transaction. It records rows for bots and users, so that they
//! are as durable as the change itself ([`keep`]), and stages the events for the bus, whose subscribers get them once the commit is
//! durable ([`Announcement::publish`]).
//!
//! Rows are recorded by `Consumer`s: the streams of bots and of users (`streams`), and the deliveries to handlers of bots
//! (`handlers`; [`delivery`] encodes them). Who is notified of what is decided by [`readmark_app::events`]; `second` and `first`
//! write the data, for the two generations of bots.
//!
//! A new kind of event for bots and users takes a variant of [`Event`], a [`StreamEvent`](readmark_model::bot::StreamEvent), and
//! cases in [`told_as`] and [`Scene::load`]. One that not every listener should get has its own level in `members.listens`.

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

/// What to publish when the commit is durable.
#[derive(Debug)]
#[must_use = "otherwise the events of the commit are never published"]
pub struct Announcement {
    events: Staged,
    kept: Kept,
}

impl Announcement {
    /// Publishes it. The commit must be durable.
    pub fn publish(self, portal: &Portal) {
        self.events.publish();
        if self.kept.deliveries {
            portal.deliveries.wake();
        }
    }
}

/// Hands the events of a use case to the consumers: to be called once, after the last change of the transaction.
///
/// # Errors
/// If the store fails.
pub fn consume(cx: &mut Cx<'_>, portal: &Portal) -> Result<Announcement, StoreError> {
    let events = std::mem::take(&mut cx.events);
    let kept = keep(cx.tx, &events, cx.now, &portal.context)?;
    Ok(Announcement {
        events: portal.bus.stage(events),
        kept,
    })
}

/// What the recorded rows call for after the commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// A delivery to the handler of a bot is waiting.
    pub deliveries: bool,
}

/// Records rows for everybody to be notified of the events of a transaction. Free if nothing relevant happened, and one statement if
/// nobody listens.
///
/// # Errors
/// If the store fails.
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

/// Records rows of events, in the transaction of the events.
trait Consumer {
    /// Records its part of one event.
    fn keep(&mut self, tx: &mut dyn Tx, news: &News<'_>) -> Result<(), StoreError>;
}

/// An event with its recipients and data.
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

    /// The data for a bot of the second generation.
    fn data_for(&self, told: &ToldBot<'_>) -> String {
        match told.up_to {
            Some(up_to) => self.text.of_read(told.bot.user, up_to, self.portal),
            None => self.text.for_bot(told.bot.user, self.portal),
        }
    }
}
