//! Finds due deliveries in one portal.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use readmark_api::events::delivery::PortalFacts;
use readmark_app::{delivery, portal};
use readmark_model::{PortalInfo, Timestamp, delivery::Lane};
use readmark_store::{Store, StoreError};
use tokio::{
    sync::{Notify, watch},
    task::{Id, JoinSet},
    time::{Instant, sleep, sleep_until, timeout},
};

use super::{
    LAST_ATTEMPTS, Shared,
    lane::{self, Context, Left, read, write},
    retry::spread,
};
use crate::portals::Served;

/// The pause between two polls; it batches what is written meanwhile.
const SETTLING: Duration = Duration::from_millis(5);

/// The pause after a store failure.
const STORE_PAUSE: Duration = Duration::from_secs(5);

/// Sends the events of a portal until told to stop.
pub(super) async fn run(
    shared: Arc<Shared>,
    served: Arc<Served>,
    mut stopped: watch::Receiver<bool>,
) {
    let waiting = Arc::new(Notify::new());
    let woken = Arc::clone(&waiting);
    served.portal.deliveries.listen(move || woken.notify_one());
    let told = stopped.clone();
    let context = tokio::select! {
        context = begin(&shared, &served, &told) => Arc::new(context),
        _ = stopped.wait_for(|stopped| *stopped) => return,
    };
    let mut lanes = Lanes::new(context);
    let mut next = Instant::now();
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => break,
            () = waiting.notified() => {}
            () = sleep_until(next) => {}
            left = lanes.ended() => {
                if !lanes.leave(left) {
                    next = next.min(Instant::now() + lanes.until_due());
                    continue;
                }
            }
        }
        sleep(SETTLING).await;
        next = Instant::now() + lanes.look().await;
    }
    lanes.finish().await;
}

/// Loads what sending needs; retries until the store answers.
async fn begin(shared: &Arc<Shared>, served: &Served, stopped: &watch::Receiver<bool>) -> Context {
    loop {
        let store = served.portal.store.clone();
        match prepare(shared, &store).await {
            Ok(Some(row)) => {
                return Context {
                    shared: Arc::clone(shared),
                    name: served.name.clone(),
                    store,
                    facts: PortalFacts {
                        base_url: served.portal.context.base_url.clone(),
                        member_id: row.member_id,
                    },
                    stopped: stopped.clone(),
                };
            }
            Ok(None) => tracing::error!(portal = served.name, "the portal has no row"),
            Err(error) => {
                tracing::warn!(portal = served.name, %error, "cannot load the portal for sending events; will retry");
            }
        }
        sleep(STORE_PAUSE).await;
    }
}

async fn prepare(shared: &Shared, store: &Store) -> Result<Option<PortalInfo>, StoreError> {
    let heads = read(store, |tx| delivery::heads(tx)).await?;
    if !heads.is_empty() {
        let now = shared.clock.now();
        write(store, move |tx| delivery::resume(tx, now)).await?;
    }
    read(store, |tx| portal::find(tx)).await
}

/// The lanes of a portal that are being worked on.
struct Lanes {
    context: Arc<Context>,
    tasks: JoinSet<Left>,
    busy: HashMap<Lane, Id>,
    /// Lanes that had something due at the last poll, which may have arrived while the lane was finishing.
    passed_over: HashSet<Lane>,
    /// When the next delivery is due in a lane that was left.
    due: Option<Timestamp>,
}

impl Lanes {
    fn new(context: Arc<Context>) -> Self {
        Self {
            context,
            tasks: JoinSet::new(),
            busy: HashMap::new(),
            passed_over: HashSet::new(),
            due: None,
        }
    }

    /// Waits until a lane is left; forever when there is none.
    async fn ended(&mut self) -> Left {
        loop {
            match self.tasks.join_next().await {
                Some(Ok(left)) => return left,
                Some(Err(error)) => {
                    tracing::error!(%error, "sending events in a lane failed");
                    self.busy.retain(|_, id| *id != error.id());
                }
                None => std::future::pending().await,
            }
        }
    }

    /// Records that a lane was left; answers whether to poll at once.
    fn leave(&mut self, left: Left) -> bool {
        self.busy.remove(&left.lane);
        let passed_over = self.passed_over.remove(&left.lane);
        let Some(due) = left.due else {
            return passed_over;
        };
        if due <= self.context.shared.clock.now() {
            return true;
        }
        self.due = Some(self.due.map_or(due, |other| other.min(due)));
        passed_over
    }

    /// Time until something is due, or until the next regular poll.
    fn until_due(&self) -> Duration {
        let shared = &self.context.shared;
        let due = self.due.map(|due| until(due, shared.clock.now()));
        let poll = spread(shared.poll, &*shared.random);
        due.map_or(poll, |due| due.min(poll))
    }

    /// Finds lanes with due deliveries and starts them; answers the time until more may be due.
    async fn look(&mut self) -> Duration {
        let context = &self.context;
        let heads = match read(&context.store, |tx| delivery::heads(tx)).await {
            Ok(heads) => heads,
            Err(error) => {
                tracing::warn!(portal = context.name, %error, "cannot look for due events; will retry");
                return STORE_PAUSE;
            }
        };
        let now = context.shared.clock.now();
        self.due = None;
        self.passed_over.clear();
        for head in heads {
            let due = head.next_attempt_at;
            let busy = self.busy.contains_key(&head.lane);
            if due > now {
                // In a busy lane this is when the claim expires, which the lane does not wait for.
                if !busy {
                    self.due = Some(self.due.map_or(due, |other| other.min(due)));
                }
            } else if busy {
                self.passed_over.insert(head.lane);
            } else {
                let lane = head.lane.clone();
                let task = self.tasks.spawn(lane::run(Arc::clone(context), head));
                self.busy.insert(lane, task.id());
            }
        }
        self.until_due()
    }

    /// Waits briefly for attempts in flight, and aborts the rest.
    async fn finish(mut self) {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        drop(timeout(LAST_ATTEMPTS, all).await);
        self.tasks.shutdown().await;
    }
}

/// The time until `due`, at least a millisecond.
fn until(due: Timestamp, now: Timestamp) -> Duration {
    let length = due.get().saturating_sub(now.get());
    Duration::from_millis(u64::try_from(length).unwrap_or(0).max(1))
}
