//! Periodic maintenance, on a thread of its own.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::{Context, Result};
use readmark_app::pruning::{self, Keep, Old};
use readmark_model::Timestamp;
use readmark_store::{Store, StoreError};

use crate::{clock::Clock, rest::Rest, sweep::Sweeper, tls::ServerCertificate};

/// The interval.
const INTERVAL: Duration = Duration::from_secs(60);

/// Rows deleted per transaction.
const BATCH: i64 = 500;

/// The pause between two such transactions, which lets others run.
const BREATH: Duration = Duration::from_millis(20);

/// The maintenance thread of a server.
pub(crate) struct Maintenance {
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What it maintains.
pub(crate) struct Chores {
    pub(crate) rest: Arc<Rest>,
    pub(crate) certificate: Arc<ServerCertificate>,
    pub(crate) clock: Arc<dyn Clock>,
    /// How long events are kept.
    pub(crate) keep_events: Duration,
    /// How long attempts, and deliveries that were given up, are kept.
    pub(crate) keep_deliveries: Duration,
    pub(crate) sweeper: Sweeper,
}

impl Maintenance {
    pub(crate) fn start(mut chores: Chores) -> Result<Self> {
        let (stop, told) = sync_channel(0);
        let thread = thread::Builder::new()
            .name("maintenance".to_owned())
            .spawn(move || {
                while told.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                    chores.run(&told);
                }
            })
            .context("the thread for maintenance cannot be started")?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Maintenance {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread for maintenance panicked");
        }
    }
}

impl Chores {
    fn run(&mut self, told: &Receiver<()>) {
        self.rest.prune();
        match self.certificate.renew(self.clock.now()) {
            Ok(true) => tracing::info!("the certificate was replaced"),
            Ok(false) => {}
            Err(error) => tracing::warn!("the certificate cannot be replaced: {error:#}"),
        }
        let now = self.clock.now();
        let milliseconds = |keep: Duration| i64::try_from(keep.as_millis()).unwrap_or(i64::MAX);
        let keep = Keep {
            events: milliseconds(self.keep_events),
            deliveries: milliseconds(self.keep_deliveries),
        };
        for served in self.rest.portals().iter() {
            let store = &served.portal.store;
            let presence = &served.portal.context.presence;
            let done = presence
                .flush(store)
                .and_then(|()| prune_all(store, told, keep, now));
            if let Err(error) = done {
                tracing::warn!(portal = served.name, %error, "maintenance failed and will be tried again");
            }
            let (name, now) = (&served.name, self.clock.now());
            let swept = self.sweeper.sweep(name, store, &served.contents, now, told);
            if let Err(error) = swept {
                let error = format!("{error:#}");
                tracing::warn!(
                    portal = name,
                    error,
                    "some files could not be swept; this will be retried"
                );
            }
        }
    }
}

fn prune_all(
    store: &Store,
    told: &Receiver<()>,
    keep: Keep,
    now: Timestamp,
) -> Result<(), StoreError> {
    Old::ALL
        .into_iter()
        .try_for_each(|old| prune(store, told, old, keep, now))
}

/// Deletes old rows in small transactions until none is left or the server stops.
fn prune(
    store: &Store,
    told: &Receiver<()>,
    old: Old,
    keep: Keep,
    now: Timestamp,
) -> Result<(), StoreError> {
    loop {
        let deleted = store.write(move |tx| pruning::prune(tx, old, &keep, now, BATCH))?;
        let more = i64::try_from(deleted).is_ok_and(|deleted| deleted >= BATCH);
        if !more || told.recv_timeout(BREATH) != Err(RecvTimeoutError::Timeout) {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use readmark_model::UserId;
    use readmark_store::{HotMemory, Settings};
    use readmark_testkit::rows::stream;

    use super::*;

    #[test]
    fn old_events_go_in_several_transactions_and_new_ones_stay() {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings::Sqlite {
            path: dir.path().join("portal.db"),
            readers: 1,
            memory: HotMemory::default(),
        };
        let store = Store::open(&settings).unwrap();
        store
            .write(|tx| {
                for second in 0..1_200 {
                    let (data, at) = (second.to_string(), Timestamp(second * 1000));
                    stream::insert(tx, UserId(1), "EVENT", &data, at)?;
                }
                Ok::<(), StoreError>(())
            })
            .unwrap();
        let (_stop, told) = sync_channel(0);
        let keep = Keep {
            events: 100_000,
            deliveries: 0,
        };
        prune_all(&store, &told, keep, Timestamp(1_200_000)).unwrap();
        let left = store.read(|tx| stream::list_from(tx, UserId(1), 0, 1_000));
        let seconds = left.unwrap().into_iter().map(|event| event.data);
        let expected = (1_100..1_200).map(|second| second.to_string());
        assert!(seconds.eq(expected));
    }
}
