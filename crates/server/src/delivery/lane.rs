//! Sends the deliveries of one lane, in order.

use std::{sync::Arc, time::Instant};

use readmark_api::events::delivery::{Access, BotSnapshot, Grant, HandlerRequest, PortalFacts};
use readmark_app::{
    delivery::{self, Claimed, Keys, Terms, Verdict},
    token,
};
use readmark_model::{
    SecretHash, Timestamp,
    delivery::{Attempt, Head, Lane},
};
use readmark_store::{Store, StoreError};
use tokio::sync::{oneshot, watch};

use super::{Shared, sender::Answer};

/// Events that a lane may send before yielding to others.
const TURN: usize = 20;

/// The pause after a store failure, in milliseconds.
const STORE_PAUSE: i64 = 5_000;

/// Shared by the lanes of one portal.
pub(super) struct Context {
    pub(super) shared: Arc<Shared>,
    pub(super) name: String,
    pub(super) store: Store,
    pub(super) facts: PortalFacts,
    pub(super) stopped: watch::Receiver<bool>,
}

/// The state in which a lane was left.
pub(super) struct Left {
    pub(super) lane: Lane,
    /// When the next delivery of the lane is due, if known.
    pub(super) due: Option<Timestamp>,
}

/// A finished attempt that is not yet recorded.
struct Done {
    attempt: Attempt,
    verdict: Verdict,
}

/// Tokens to send with the next event.
struct Tokens {
    acting: String,
    own: String,
}

/// Sends what is due in a lane, up to the limit of one turn.
pub(super) async fn run(cx: Arc<Context>, head: Head) -> Left {
    let Head { lane, attempts, .. } = head;
    let left = |due| Left {
        lane: lane.clone(),
        due,
    };
    let mut doubtful = match attempts {
        0 => None,
        _ => cx.shared.retrying.acquire().await.ok(),
    };
    let _sending = cx.shared.sending.acquire().await;
    let mut done: Option<Done> = None;
    let mut sent = 0;
    loop {
        let more = sent < TURN && !*cx.stopped.borrow();
        let again = match done.as_ref().map(|done| done.verdict) {
            Some(Verdict::Again(at)) => Some(at),
            _ => None,
        };
        match step(&cx, &lane, done.take(), more && again.is_none()).await {
            Ok(None) if more => return left(again),
            Ok(None) => return left(again.or_else(|| Some(cx.shared.clock.now()))),
            Ok(Some((claimed, tokens))) => {
                let outcome = attempt(&cx, claimed, &tokens).await;
                if outcome.verdict == Verdict::Delivered {
                    drop(doubtful.take());
                }
                done = Some(outcome);
                sent += 1;
            }
            Err(error) => {
                // A delivery that was sent but not recorded is sent again when its claim expires.
                tracing::warn!(portal = cx.name, %error, "recording or claiming events failed and will be retried");
                let now = cx.shared.clock.now().get();
                return left(Some(Timestamp(now.saturating_add(STORE_PAUSE))));
            }
        }
    }
}

/// Records the last attempt and, with `more`, claims the next event, in one commit.
async fn step(
    cx: &Context,
    lane: &Lane,
    done: Option<Done>,
    more: bool,
) -> Result<Option<(Claimed, Tokens)>, StoreError> {
    if done.is_none() && !more {
        return Ok(None);
    }
    let shared = &cx.shared;
    let token = || token::draw(&*shared.random);
    let tokens = Tokens {
        acting: token(),
        own: token(),
    };
    let keys = Keys {
        acting: SecretHash::of(&tokens.acting),
        own: SecretHash::of(&tokens.own),
    };
    let terms = Terms {
        claim: i64::try_from(shared.claim.as_millis()).unwrap_or(i64::MAX),
        once: shared.once,
        application: BotSnapshot::client_of,
    };
    let (lane, now) = (lane.clone(), shared.clock.now());
    let claimed = write(&cx.store, move |tx| {
        if let Some(done) = &done {
            delivery::finish(tx, &done.attempt, done.verdict)?;
        }
        if more {
            delivery::claim(tx, &lane, &terms, &keys, now)
        } else {
            Ok(None)
        }
    })
    .await?;
    Ok(claimed.map(|claimed| (claimed, tokens)))
}

async fn attempt(cx: &Context, claimed: Claimed, tokens: &Tokens) -> Done {
    let shared = &cx.shared;
    let (began, attempted_at) = (Instant::now(), shared.clock.now());
    let answer = match body(cx, &claimed, tokens, attempted_at) {
        Ok(body) => shared.sender.send(&claimed.delivery.url, body).await,
        Err(problem) => Answer { status: 0, problem },
    };
    let delivery = claimed.delivery;
    let verdict = if answer.problem.is_empty() {
        Verdict::Delivered
    } else {
        let now = shared.clock.now();
        shared.retry.after(&delivery, now, &*shared.random)
    };
    let (id, bot) = (delivery.id, delivery.bot.get());
    match verdict {
        Verdict::Delivered => tracing::debug!(portal = cx.name, id, bot, "delivered an event"),
        Verdict::Again(_) => {
            tracing::debug!(
                portal = cx.name,
                id,
                bot,
                problem = answer.problem,
                "an event is sent later"
            );
        }
        Verdict::GivenUp { .. } => {
            tracing::warn!(
                portal = cx.name,
                id,
                bot,
                problem = answer.problem,
                "an event was given up"
            );
        }
    }
    let attempt = Attempt {
        delivery: id,
        bot: delivery.bot,
        url: delivery.url,
        event: delivery.event,
        attempt: delivery.attempts,
        attempted_at,
        duration: i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX),
        status: answer.status.into(),
        error: answer.problem,
    };
    Done { attempt, verdict }
}

fn body(
    cx: &Context,
    claimed: &Claimed,
    tokens: &Tokens,
    now: Timestamp,
) -> Result<String, String> {
    let delivery = &claimed.delivery;
    let expires_at = claimed.tokens_end;
    let access = |user, token, granted: bool| Access {
        user,
        grant: granted.then_some(Grant { token, expires_at }),
    };
    let request = HandlerRequest {
        event_id: delivery.id,
        event: &delivery.event,
        handler_id: delivery.handler,
        data: &delivery.data,
        bot: &delivery.snapshot,
        portal: &cx.facts,
        scopes: claimed.scopes,
        acting: delivery
            .acting_user
            .map(|user| access(user, tokens.acting.as_str(), claimed.acting_granted)),
        own: access(delivery.bot, tokens.own.as_str(), claimed.own_granted),
        now,
    };
    request.body().map_err(|error| error.to_string())
}

/// Runs a write transaction.
pub(super) async fn write<T: Send + 'static>(
    store: &Store,
    f: impl FnMut(&mut dyn readmark_store::Tx) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (sender, receiver) = oneshot::channel();
    store.write_then(f, |result| drop(sender.send(result)));
    receiver.await.unwrap_or_else(|_| Err(closed()))
}

/// Runs a read transaction.
pub(super) async fn read<T: Send + 'static>(
    store: &Store,
    f: impl FnMut(&mut dyn readmark_store::Tx) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (sender, receiver) = oneshot::channel();
    store.read_then(f, |result| drop(sender.send(result)));
    receiver.await.unwrap_or_else(|_| Err(closed()))
}

fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".to_owned())
}
