//! What is done once in a while, on a thread of its own.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::{Context, Result};
use readmark_model::Timestamp;
use readmark_store::{
    Store, StoreError, Tx,
    repo::{auth, command, delivery, stream},
};

use crate::{clock::Clock, rest::Rest, sweep::Sweeper, tls::ServerCertificate};

/// How often it is done.
const INTERVAL: Duration = Duration::from_secs(60);

/// For how long tokens that ended are told from those that never were, in milliseconds.
const KEEP_TOKENS: i64 = 24 * 60 * 60 * 1000;

/// Rows that are deleted in one transaction.
const BATCH: i64 = 500;

/// The pause between two such transactions, in which others run.
const BREATH: Duration = Duration::from_millis(20);

/// The thread that keeps a server in order.
pub(crate) struct Maintenance {
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What it works on.
pub(crate) struct Chores {
    pub(crate) rest: Arc<Rest>,
    pub(crate) certificate: Arc<ServerCertificate>,
    pub(crate) clock: Arc<dyn Clock>,
    /// For how long events are kept.
    pub(crate) keep_events: Duration,
    /// For how long attempts to send events, and events that were given up, are kept.
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
        let now = self.clock.now().get();
        let ago = |keep: Duration| {
            let keep = i64::try_from(keep.as_millis()).unwrap_or(i64::MAX);
            Timestamp(now.saturating_sub(keep))
        };
        let (events, deliveries) = (ago(self.keep_events), ago(self.keep_deliveries));
        let tokens = Timestamp(now.saturating_sub(KEEP_TOKENS));
        for served in self.rest.portals().iter() {
            let store = &served.portal.store;
            let presence = &served.portal.context.presence;
            let done = presence
                .flush(store)
                .and_then(|()| prune(store, told, stream::delete_older, events))
                .and_then(|()| prune(store, told, delivery::delete_older, deliveries))
                .and_then(|()| prune(store, told, auth::delete_expired_tokens, tokens))
                .and_then(|()| prune(store, told, command::delete_expired, Timestamp(now)));
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
                    "files are left over and will be swept again"
                );
            }
        }
    }
}

/// Deletes up to so many rows that are older than a time; answers how many.
type Delete = fn(&mut dyn Tx, Timestamp, i64) -> Result<u64, StoreError>;

/// Deletes old rows in small transactions, until none is left or the server stops.
fn prune(
    store: &Store,
    told: &Receiver<()>,
    delete: Delete,
    before: Timestamp,
) -> Result<(), StoreError> {
    loop {
        let deleted = store.write(move |tx| delete(tx, before, BATCH))?;
        let more = i64::try_from(deleted).is_ok_and(|deleted| deleted >= BATCH);
        if !more || told.recv_timeout(BREATH) != Err(RecvTimeoutError::Timeout) {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use readmark_model::UserId;
    use readmark_store::Settings;

    use super::*;

    #[test]
    fn old_events_go_in_several_transactions_and_new_ones_stay() {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings::Sqlite {
            path: dir.path().join("portal.db"),
            readers: 1,
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
        prune(&store, &told, stream::delete_older, Timestamp(1_100_000)).unwrap();
        let list = |tx: &mut dyn Tx| stream::list_from(tx, UserId(1), 0, 1_000);
        let left = store.read(list).unwrap();
        let seconds: Vec<_> = left.into_iter().map(|event| event.data).collect();
        let expected: Vec<_> = (1_100..1_200).map(|second| second.to_string()).collect();
        assert_eq!(seconds, expected);
    }
}
