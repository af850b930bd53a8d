//! The REST transport: from an HTTP request to a call, and from its outcome to an answer.
//!
//! The order of checks is that of the documentation (sources: errors): TLS, limits, authorisation, method, scope, parameters. The
//! secret in the path is hashed where the path is parsed; a request is logged with its portal, the documented name of
//! its method, and its outcome.

mod alias;
mod batch;
mod body;
mod calls;
mod envelope;
mod in_flight;
pub(crate) mod leftover;
pub mod rate;
mod reply;
pub mod route;
mod upload_budget;

use std::{net::IpAddr, sync::Arc, time::Instant};

use bytes::Bytes;
use hyper::{
    HeaderMap, Method, StatusCode,
    body::Incoming,
    header::{self, HeaderName},
    http::request::Parts,
};
use readmark_api::{
    call::{cancel::CancelFlag, credentials::Credentials},
    contract::{
        entry::RawReply,
        system_error::{self, ApiError},
    },
    wire::{Limits, Params, WireError},
};

pub use self::reply::{Reply, ReplyBody};
use self::{
    calls::{Calls, Finished},
    envelope::{Refusal, Time},
    in_flight::{Flight, InFlight},
    rate::{Rate, RateLimit},
    route::{CallRoute, Format, PathAuthority, Route, Target},
    upload_budget::{Allowance, UploadBudget},
};
use crate::{
    clients::{Client, network::Network},
    clock::Clock,
    config::Config,
    operating::Usage,
    portals::{Portals, Served},
};

/// The origin of a request.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The address of the client; behind a trusted proxy, the one that the proxy tells.
    pub address: IpAddr,
    /// Whether it came over TLS.
    pub secure: bool,
    /// The connection.
    pub client: Arc<Client>,
    /// Raised when the client no longer waits for the answer.
    pub cancel: CancelFlag,
}

/// Answers REST requests.
pub struct Rest {
    portals: Portals,
    calls: Calls,
    rate: RateLimit,
    in_flight: Arc<InFlight>,
    limits: Limits,
    uploads: UploadBudget,
    allow_http: bool,
}

impl Rest {
    /// Serves these portals.
    #[must_use]
    pub fn new(config: &Config, portals: Portals, clock: Arc<dyn Clock>) -> Self {
        let in_flight = Arc::new(InFlight::new(config.request_limits()));
        let operating_limit = config.operating_limit.unless_zero();
        Self {
            portals,
            calls: Calls::new(clock, operating_limit, Arc::clone(&in_flight)),
            rate: RateLimit::new(rate(config)),
            in_flight,
            limits: config.limits(),
            uploads: UploadBudget::new(config),
            allow_http: config.allow_http,
        }
    }

    /// Takes over the settings that may change while the server runs.
    pub fn reconfigure(&self, config: &Config) {
        self.calls
            .set_operating_limit(config.operating_limit.unless_zero());
        self.rate.set(rate(config));
        self.in_flight.set_limits(config.request_limits());
    }

    /// The portals.
    #[must_use]
    pub const fn portals(&self) -> &Portals {
        &self.portals
    }

    /// The portals, for shutdown.
    #[must_use]
    pub fn into_portals(self) -> Portals {
        self.portals
    }

    /// Drops expired rate limits and time accounts.
    pub fn prune(&self) {
        self.rate.prune(Instant::now());
        for served in self.portals.iter() {
            served.operating.prune(self.calls.seconds());
        }
    }

    /// The answer to any request while the server is overloaded.
    #[must_use]
    pub fn overloaded() -> Reply {
        refusal(system_error::OVERLOAD).closing()
    }

    /// The answer after a panic.
    #[must_use]
    pub fn failed() -> Reply {
        refusal(system_error::INTERNAL)
    }

    /// The present time, from which an answer's times are measured.
    #[must_use]
    pub fn now(&self) -> Began {
        Began {
            micros: self.calls.clock().micros(),
            at: Instant::now(),
        }
    }

    /// The portal of a request that is admitted, and the request's place among those in progress.
    ///
    /// # Errors
    /// The refusal, or the answer to a CORS preflight.
    #[expect(
        clippy::result_large_err,
        reason = "an answer is moved once, and boxing it would cost every refusal"
    )]
    pub(crate) fn admit(
        &self,
        peer: &Peer,
        route: &Route,
        parts: &Parts,
    ) -> Result<(&Arc<Served>, Flight), Reply> {
        self.admit_transport(peer, route, parts)?;
        let Some(served) = self.portals.by_host(host(parts)) else {
            return Err(refusal_in(route, system_error::NOT_FOUND));
        };
        let flight = self.admit_to(&served.name, peer, route, parts)?;
        Ok((served, flight))
    }

    /// The place of a request that is for no portal, if it is admitted, among those in progress.
    ///
    /// # Errors
    /// As [`Rest::admit`].
    #[expect(
        clippy::result_large_err,
        reason = "an answer is moved once, and boxing it would cost every refusal"
    )]
    pub(crate) fn admit_alias(
        &self,
        peer: &Peer,
        route: &Route,
        parts: &Parts,
    ) -> Result<Flight, Reply> {
        self.admit_transport(peer, route, parts)?;
        // No portal has this name.
        self.admit_to("", peer, route, parts)
    }

    #[expect(
        clippy::result_large_err,
        reason = "an answer is moved once, and boxing it would cost every refusal"
    )]
    fn admit_transport(&self, peer: &Peer, route: &Route, parts: &Parts) -> Result<(), Reply> {
        if !peer.secure && !self.allow_http {
            return Err(refusal_in(route, system_error::HTTPS_REQUIRED).closing());
        }
        if parts.method == Method::OPTIONS {
            return Err(Reply::preflight());
        }
        Ok(())
    }

    #[expect(
        clippy::result_large_err,
        reason = "an answer is moved once, and boxing it would cost every refusal"
    )]
    fn admit_to(
        &self,
        portal: &str,
        peer: &Peer,
        route: &Route,
        parts: &Parts,
    ) -> Result<Flight, Reply> {
        if !self.rate.admit(portal, peer.address, Instant::now()) {
            return Err(refusal_in(route, system_error::QUERY_LIMIT_EXCEEDED));
        }
        let authority = match route {
            Route::Call(call) => &call.authority,
            _ => &PathAuthority::Malformed,
        };
        let given = credentials(authority, None, &parts.headers).unwrap_or(Credentials::Missing);
        let network = Network::of(peer.address);
        self.in_flight
            .begin(portal, given, network)
            .ok_or_else(|| refusal_in(route, system_error::OVERLOAD))
    }

    /// The answer to any call in the newer envelope.
    #[must_use]
    pub fn newer(&self, verb: &Method) -> Reply {
        if verb == Method::HEAD {
            Reply::empty(StatusCode::OK)
        } else {
            envelope::newer()
        }
    }

    /// Answers a call.
    pub async fn call(
        &self,
        peer: &Peer,
        served: &Served,
        route: CallRoute,
        parts: &Parts,
        body: Incoming,
        began: Began,
    ) -> Reply {
        let reply = match parts.method {
            Method::GET | Method::POST => {
                return self.answer(peer, served, route, parts, body, began).await;
            }
            Method::HEAD => Reply::empty(StatusCode::OK),
            _ => Refusal::from(system_error::VERB_NOT_ALLOWED)
                .reply(route.format)
                .with_allowed_verbs(),
        };
        reply.after(body).await
    }

    async fn answer(
        &self,
        peer: &Peer,
        served: &Served,
        route: CallRoute,
        parts: &Parts,
        body: Incoming,
        began: Began,
    ) -> Reply {
        let method = route.target.name();
        let format = route.format;
        let read = match self.allow(peer, served, &route, parts, &body).await {
            // The memory of an upload is released when it is answered.
            Ok(allowed) => body::read(body, allowed.most, allowed.patience)
                .await
                .map(|body| (body, allowed)),
            Err(refusal) => {
                leftover::discard(body).await;
                Err(refusal)
            }
        };
        let reply = match read {
            Ok((body, _allowed)) => {
                match self.execute(peer, served, route, parts, body, began).await {
                    Ok((raw, time)) => {
                        envelope::success(format, &raw, &time, &served.portal.context.time_zone)
                    }
                    Err(refusal) => refusal.reply(format),
                }
            }
            Err(refusal) => refusal.reply(format).closing(),
        };
        tracing::debug!(
            portal = served.name,
            method,
            status = reply.status().as_u16(),
            milliseconds = began.at.elapsed().as_secs_f64() * 1e3,
            "answered a call"
        );
        reply
    }

    /// The limits for the body of a request. Uploads may be longer, if the caller is known before the body is read: a token may
    /// also be in the body.
    async fn allow(
        &self,
        peer: &Peer,
        served: &Served,
        route: &CallRoute,
        parts: &Parts,
        body: &Incoming,
    ) -> Result<Allowance, Refusal> {
        if !route.target.uploads() || !self.uploads.is_large(body) {
            return Ok(self.uploads.usual());
        }
        match self.early_credentials(route, parts).await? {
            Credentials::Missing => {}
            credentials => self.calls.authenticate(peer, served, credentials).await?,
        }
        self.uploads.for_upload(body).await
    }

    /// The credentials of a request, except those in its body.
    async fn early_credentials(
        &self,
        route: &CallRoute,
        parts: &Parts,
    ) -> Result<Credentials, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let token = body::decode(query, None, Bytes::new(), self.limits).await;
        let token = token.ok().as_mut().and_then(Params::take_auth);
        credentials(&route.authority, token.as_deref(), &parts.headers)
    }

    /// Decodes a call, authorises it, and carries it out.
    async fn execute(
        &self,
        peer: &Peer,
        served: &Served,
        route: CallRoute,
        parts: &Parts,
        body: Bytes,
        began: Began,
    ) -> Result<(RawReply, Time), Refusal> {
        let query = parts.uri.query().unwrap_or_default();
        let content_type = text(&parts.headers, &header::CONTENT_TYPE);
        let decoded = body::decode(query, content_type, body, self.limits).await;
        let mut params = match decoded {
            Ok(params) => params,
            Err(error) => return Err(self.undecoded(peer, served, &route, parts, error).await),
        };
        let token = params.take_auth();
        let credentials = credentials(&route.authority, token.as_deref(), &parts.headers)?;
        let (raw, processing, usage) = if route.target == Target::Batch {
            let batch = batch::execute(
                &self.calls,
                peer,
                served,
                &params,
                credentials,
                &self.limits,
            );
            let (raw, processing) = batch.await?;
            (raw, processing, Usage::none(self.calls.seconds()))
        } else {
            let call = self
                .calls
                .call(peer, served, route.target, params, credentials);
            let Finished { answer, time } = call.await;
            (answer?, time.processing, time.usage)
        };
        let time = Time {
            start: began.micros,
            duration: began.at.elapsed(),
            processing,
            usage,
        };
        Ok((raw, time))
    }

    /// The answer to a request that cannot be decoded. A missing authorisation is reported first where possible: a token may be in
    /// the part that cannot be read.
    async fn undecoded(
        &self,
        peer: &Peer,
        served: &Served,
        route: &CallRoute,
        parts: &Parts,
        error: WireError,
    ) -> Refusal {
        match self.early_credentials(route, parts).await {
            Ok(Credentials::Missing) => error.into(),
            Ok(credentials) => match self.calls.authenticate(peer, served, credentials).await {
                Ok(()) => error.into(),
                Err(denied) => denied.into(),
            },
            Err(denied) => denied.into(),
        }
    }
}

const fn rate(config: &Config) -> Rate {
    Rate {
        per_second: config.rate_limit,
        burst: config.rate_burst,
    }
}

/// When answering a request began.
#[derive(Clone, Copy, Debug)]
pub struct Began {
    micros: i64,
    at: Instant,
}

/// The credentials: the webhook in the path, else the token among the parameters, else the one in the header.
fn credentials(
    authority: &PathAuthority,
    token: Option<&str>,
    headers: &HeaderMap,
) -> Result<Credentials, ApiError> {
    match authority {
        PathAuthority::Webhook(credentials) => Ok(*credentials),
        PathAuthority::Malformed => Err(system_error::NO_AUTH_FOUND),
        PathAuthority::Token => Ok(token
            .or_else(|| bearer(headers))
            .map_or(Credentials::Missing, Credentials::token)),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text(headers, &header::AUTHORIZATION)?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The host that a request is sent to.
fn host(parts: &Parts) -> Option<&str> {
    match parts.uri.host() {
        Some(host) => Some(host),
        None => text(&parts.headers, &header::HOST),
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// An error, as JSON.
pub(crate) fn refusal(error: ApiError) -> Reply {
    Refusal::from(error).reply(Format::Json)
}

/// A refusal in the format requested by the path.
fn refusal_in(route: &Route, error: ApiError) -> Reply {
    let format = match route {
        Route::Call(call) => call.format,
        _ => Format::Json,
    };
    Refusal::from(error).reply(format)
}
