//! Sending events to the handlers of bots (`spec_events` §8).
//!
//! Events are rows, written in the commit of the change that they tell of; they are sent at least once, and their `event_id`
//! tells repetitions. What one bot is sent at one address is a lane: its events are sent in order, one at a time, while other
//! lanes go on. [`portal`] looks for lanes in which something is due, [`lane`] sends what is in one, [`sender`] makes one
//! attempt, and [`guard`] says which addresses a server may be made to connect to.

mod connector;
mod guard;
mod lane;
mod portal;
mod retry;
mod sender;

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use readmark_app::Random;
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
};

use self::{retry::Retry, sender::Sender};
use crate::{
    clock::Clock,
    config::{Config, DeliveryMode},
    portals::Served,
};

/// How much longer than an attempt a claim holds: what came of the attempt must be written meanwhile.
const WRITING: Duration = Duration::from_secs(30);

/// How long attempts that were begun may take when the server stops. One that is cut off is made again after the next start.
const LAST_ATTEMPTS: Duration = Duration::from_secs(2);

/// Everything that sends events. To be started on a runtime; dropping it cuts attempts off.
pub(crate) struct Deliveries {
    stop: watch::Sender<bool>,
    portals: JoinSet<()>,
}

/// What all portals share.
struct Shared {
    sender: Sender,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    retry: Retry,
    /// For how long a claim holds.
    claim: Duration,
    /// Whether there is one attempt only.
    once: bool,
    /// How often an idle portal is looked into.
    poll: Duration,
    /// Bounds the attempts at one time.
    sending: Semaphore,
    /// Bounds, below that, those of lanes whose handler failed last: however many are down, there is room for the others.
    retrying: Semaphore,
}

impl Deliveries {
    /// Begins to send the events of these portals.
    ///
    /// # Errors
    /// When the certificates of the settings cannot be read.
    pub(crate) fn start<'a>(
        config: &Config,
        portals: impl Iterator<Item = &'a Arc<Served>>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self> {
        let shared = Arc::new(Shared {
            sender: Sender::new(config)?,
            clock,
            random,
            retry: Retry {
                first: config.delivery_retry_first.0,
                longest: config.delivery_retry_longest.0,
                give_up: config.delivery_give_up.0,
                once: config.delivery_mode == DeliveryMode::Once,
            },
            claim: config.delivery_timeout.0.saturating_add(WRITING),
            once: config.delivery_mode == DeliveryMode::Once,
            poll: config.delivery_poll.0,
            sending: Semaphore::new(config.delivery_concurrency),
            retrying: Semaphore::new(config.delivery_concurrency.div_ceil(2)),
        });
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for served in portals {
            tasks.spawn(portal::run(
                Arc::clone(&shared),
                Arc::clone(served),
                stopped.clone(),
            ));
        }
        Ok(Self {
            stop,
            portals: tasks,
        })
    }

    /// Begins nothing more, and waits a little for what was begun.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        while let Some(ended) = self.portals.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "sending events ended before its time");
            }
        }
    }
}
