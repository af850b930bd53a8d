//! Executes calls for the transport and accounts for their cost.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use readmark_api::{
    call::{
        credentials::{self, Credentials},
        execute::{self, Call, Outcome},
    },
    contract::{
        entry::{Entry, RawReply},
        system_error::{self, ApiError},
    },
    wire::Params,
};
use readmark_model::Caller;
use tokio::sync::oneshot;

use super::{Peer, envelope::Time, in_flight::InFlight, route::Target};
use crate::{clock::Clock, operating::Usage, portals::Served};

/// The outcome of a call.
pub(super) struct Finished {
    pub(super) answer: Result<RawReply, ApiError>,
    pub(super) time: Time,
}

/// Executes calls.
pub(super) struct Calls {
    clock: Arc<dyn Clock>,
    /// Time limit of one method in the window for one webhook or application.
    operating_limit: Mutex<Option<Duration>>,
    /// Knows whose credentials were good. Used only to check whether the time limit of a method is exceeded; permissions are checked
    /// with every call.
    in_flight: Arc<InFlight>,
}

impl Calls {
    pub(super) fn new(
        clock: Arc<dyn Clock>,
        operating_limit: Option<Duration>,
        in_flight: Arc<InFlight>,
    ) -> Self {
        Self {
            clock,
            operating_limit: Mutex::new(operating_limit),
            in_flight,
        }
    }

    fn operating_limit(&self) -> std::sync::MutexGuard<'_, Option<Duration>> {
        self.operating_limit
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Another time limit.
    pub(super) fn set_operating_limit(&self, limit: Option<Duration>) {
        *self.operating_limit() = limit;
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Seconds since 1970.
    pub(super) fn seconds(&self) -> i64 {
        self.clock.micros().div_euclid(1_000_000)
    }

    /// Checks the credentials.
    ///
    /// # Errors
    /// Why they are refused.
    pub(super) async fn authenticate(
        &self,
        peer: &Peer,
        served: &Served,
        credentials: Credentials,
    ) -> Result<(), ApiError> {
        let (sender, receiver) = oneshot::channel();
        let now = self.clock.now();
        credentials::authenticate(&served.portal, credentials, now, |checked| {
            drop(sender.send(checked));
        });
        let caller = receiver.await.unwrap_or(Err(system_error::INTERNAL))?;
        self.remember(peer, served, credentials, &caller);
        Ok(())
    }

    /// Calls a method. An unauthorised caller is refused before an unknown method is.
    pub(super) async fn call(
        &self,
        peer: &Peer,
        served: &Served,
        target: Target,
        params: Params,
        credentials: Credentials,
    ) -> Finished {
        let (start, began) = (self.clock.micros(), Instant::now());
        let (answer, usage) = match target {
            Target::Method(entry) => {
                self.measure(peer, served, entry, params, credentials, began)
                    .await
            }
            Target::Batch | Target::Unknown => {
                let checked = self.authenticate(peer, served, credentials).await;
                let answer = checked.and(Err(system_error::METHOD_NOT_FOUND));
                (answer, Usage::none(self.seconds()))
            }
        };
        let duration = began.elapsed();
        let time = Time {
            start,
            duration,
            processing: duration,
            usage,
        };
        Finished { answer, time }
    }

    /// Calls a method within the caller's time limit, and counts the time it took.
    async fn measure(
        &self,
        peer: &Peer,
        served: &Served,
        entry: &'static Entry,
        params: Params,
        credentials: Credentials,
        began: Instant,
    ) -> (Result<RawReply, ApiError>, Usage) {
        if let Some(usage) = self.used_up(served, entry.name, credentials) {
            return (Err(system_error::OPERATION_TIME_LIMIT), usage);
        }
        let (sender, receiver) = oneshot::channel();
        let call = Call::new(&served.portal, entry, params, credentials, self.clock.now())
            .unless_cancelled(peer.cancel.clone());
        execute::execute(&served.portal, call, |outcome| drop(sender.send(outcome)));
        let outcome = receiver.await.unwrap_or(Outcome {
            answer: Err(system_error::INTERNAL),
            caller: None,
        });
        let now = self.seconds();
        let usage = match &outcome.caller {
            Some(caller) => {
                self.remember(peer, served, credentials, caller);
                let took = began.elapsed();
                served
                    .operating
                    .record(&caller.credential, entry.name, now, took)
            }
            None => Usage::none(now),
        };
        (outcome.answer, usage)
    }

    fn remember(&self, peer: &Peer, served: &Served, credentials: Credentials, caller: &Caller) {
        peer.client.identify(&served.name, caller.user);
        self.in_flight.remember(&served.name, credentials, caller);
    }

    /// The time used, if above the limit.
    fn used_up(
        &self,
        served: &Served,
        method: &'static str,
        credentials: Credentials,
    ) -> Option<Usage> {
        let limit = (*self.operating_limit())?;
        let credential = self.in_flight.credential(&served.name, credentials)?;
        let usage = served.operating.usage(&credential, method, self.seconds());
        (usage.operating > limit).then_some(usage)
    }
}
