//! Running one call of one method, and what it cost.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use readmark_api::{
    call::dispatch::{self, Credentials, Outcome, Request},
    contract::{
        entry::RawReply,
        system_error::{self, ApiError},
    },
    methods,
    wire::Params,
};
use readmark_model::{Caller, Credential};
use tokio::sync::oneshot;

use super::{BATCH, envelope::Time};
use crate::{clock::Clock, operating::Usage, portals::Served};

/// How many credentials are remembered for the limit on time.
const REMEMBERED: usize = 10_000;

/// What came of a call.
pub(super) struct Finished {
    pub(super) answer: Result<RawReply, ApiError>,
    pub(super) time: Time,
}

/// Runs calls.
pub(super) struct Runner {
    clock: Arc<dyn Clock>,
    /// Time of one method in the window for one webhook or application.
    operating_limit: Option<Duration>,
    /// Whom credentials stood for when they were last checked. It is asked only whether somebody has used up the time of a
    /// method; what they may do is checked with every call.
    seen: Mutex<HashMap<(String, Credentials), Credential>>,
}

impl Runner {
    pub(super) fn new(clock: Arc<dyn Clock>, operating_limit: Option<Duration>) -> Self {
        Self {
            clock,
            operating_limit,
            seen: Mutex::default(),
        }
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Seconds since 1970.
    pub(super) fn seconds(&self) -> i64 {
        self.clock.micros().div_euclid(1_000_000)
    }

    /// Whether the credentials are good.
    ///
    /// # Errors
    /// The failure of authorisation.
    pub(super) async fn authorise(
        &self,
        served: &Served,
        credentials: Credentials,
    ) -> Result<(), ApiError> {
        // Credentials are checked before the method, so that any name does: this one is allowed to everybody.
        let outcome = self
            .dispatch(served, BATCH, Params::default(), credentials)
            .await;
        match (outcome.caller, outcome.answer) {
            (Some(caller), _) => {
                self.note(served, credentials, &caller);
                Ok(())
            }
            (None, Err(error)) => Err(error),
            (None, Ok(_)) => Err(system_error::INTERNAL),
        }
    }

    /// Runs a call.
    pub(super) async fn run(
        &self,
        served: &Served,
        method: &str,
        params: Params,
        credentials: Credentials,
    ) -> Finished {
        let start = self.clock.micros();
        let began = Instant::now();
        let entry = methods::find(method);
        let finished = |answer, usage| {
            let duration = began.elapsed();
            let time = Time {
                start,
                duration,
                processing: duration,
                usage,
            };
            Finished { answer, time }
        };
        if let Some(entry) = entry
            && let Some(usage) = self.used_up(served, entry.name, credentials)
        {
            return finished(Err(system_error::OPERATION_TIME_LIMIT), usage);
        }
        let Outcome { answer, caller } = self.dispatch(served, method, params, credentials).await;
        let now = self.seconds();
        let usage = match (entry, caller) {
            (Some(entry), Some(caller)) => {
                self.note(served, credentials, &caller);
                let (credential, took) = (&caller.credential, began.elapsed());
                served.operating.record(credential, entry.name, now, took)
            }
            _ => Usage::none(now),
        };
        finished(answer, usage)
    }

    async fn dispatch(
        &self,
        served: &Served,
        method: &str,
        params: Params,
        credentials: Credentials,
    ) -> Outcome {
        let (sender, receiver) = oneshot::channel();
        let request = Request {
            method: method.to_owned(),
            params,
            credentials,
            now: self.clock.now(),
        };
        dispatch::dispatch(&served.portal, request, move |outcome| {
            drop(sender.send(outcome));
        });
        receiver.await.unwrap_or(Outcome {
            answer: Err(system_error::INTERNAL),
            caller: None,
        })
    }

    fn note(&self, served: &Served, credentials: Credentials, caller: &Caller) {
        if self.operating_limit.is_some() {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.len() >= REMEMBERED {
                seen.clear();
            }
            let key = (served.name.clone(), credentials);
            seen.insert(key, caller.credential.clone());
        }
    }

    /// What was used, if it is more than the limit.
    fn used_up(
        &self,
        served: &Served,
        method: &'static str,
        credentials: Credentials,
    ) -> Option<Usage> {
        let limit = self.operating_limit?;
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let credential = seen.get(&(served.name.clone(), credentials))?;
        let usage = served.operating.usage(credential, method, self.seconds());
        (usage.operating > limit).then_some(usage)
    }
}
