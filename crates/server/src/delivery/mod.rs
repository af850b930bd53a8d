//! Sending events to the handlers of bots (sources: handlers).
//!
//! Deliveries are rows, written in the commit of the change that they report. They are sent at least once; their `event_id`
//! identifies repetitions. The deliveries of one bot to one address form a lane: they are sent in order, one at a time,
//! independently of other lanes. [`portal`] finds lanes with due deliveries, [`lane`] sends those of one, [`sender`] makes one
//! attempt, and [`guard`] decides which addresses the server may connect to.

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

/// How much longer a claim lasts than an attempt, so that its outcome can be recorded.
const WRITING: Duration = Duration::from_secs(30);

/// How long attempts in flight may take at shutdown. One that is cut off is repeated after the next start.
const LAST_ATTEMPTS: Duration = Duration::from_secs(2);

/// Sends events. Must be started on a runtime; dropping it aborts attempts in flight.
pub(crate) struct Deliveries {
    stop: watch::Sender<bool>,
    portals: JoinSet<()>,
}

/// Shared by all portals.
struct Shared {
    sender: Sender,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    retry: Retry,
    /// How long a claim lasts.
    claim: Duration,
    /// Whether there is only one attempt.
    once: bool,
    /// How often an idle portal is polled.
    poll: Duration,
    /// Limits concurrent attempts.
    sending: Semaphore,
    /// Limits, within that, attempts in lanes whose handler failed last, so that failing handlers leave room for the others.
    retrying: Semaphore,
}

impl Deliveries {
    /// Starts sending the events of these portals.
    ///
    /// # Errors
    /// When the configured certificates cannot be read.
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

    /// Starts no further attempts, and waits briefly for those in flight.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        while let Some(ended) = self.portals.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "sending events ended unexpectedly");
            }
        }
    }
}
