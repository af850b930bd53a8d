//! The REST transport: from an HTTP request to a call, and from its outcome to an answer.
//!
//! The order of checks is that of `spec_auth_transport` §7: TLS, limits, authorisation, method, scope, parameters. The
//! secret in the path is hashed where the path is parsed; a request is logged with its portal, the documented name of
//! its method, and its outcome.

mod batch;
mod body;
mod calls;
mod envelope;
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
    call::credentials::Credentials,
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
    rate::RateLimit,
    route::{CallRoute, Format, PathAuthority, Route, Target},
    upload_budget::{Allowance, UploadBudget},
};
use crate::{
    clock::Clock,
    config::Config,
    operating::Usage,
    portals::{Portals, Served},
};

/// The origin of a request.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// The address.
    pub address: IpAddr,
    /// Whether it came over TLS.
    pub secure: bool,
}

/// Answers REST requests.
pub struct Rest {
    portals: Portals,
    calls: Calls,
    rate: RateLimit,
    limits: Limits,
    uploads: UploadBudget,
    allow_http: bool,
}

impl Rest {
    /// Serves these portals.
    #[must_use]
    pub fn new(config: &Config, portals: Portals, clock: Arc<dyn Clock>) -> Self {
        Self {
            portals,
            calls: Calls::new(clock, config.operating_limit.unless_zero()),
            rate: RateLimit::new(config.rate_limit, config.rate_burst),
            limits: config.limits(),
            uploads: UploadBudget::new(config),
            allow_http: config.allow_http,
        }
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

    /// The portal of a request that is admitted.
    ///
    /// # Errors
    /// The refusal, or the answer to a CORS preflight.
    #[expect(
        clippy::result_large_err,
        reason = "an answer is moved once, and boxing it would cost every refusal"
    )]
    pub fn admit(&self, peer: Peer, route: &Route, parts: &Parts) -> Result<&Arc<Served>, Reply> {
        if !peer.secure && !self.allow_http {
            return Err(refusal_in(route, system_error::HTTPS_REQUIRED).closing());
        }
        if parts.method == Method::OPTIONS {
            return Err(Reply::preflight());
        }
        let host = match parts.uri.host() {
            Some(host) => Some(host),
            None => text(&parts.headers, &header::HOST),
        };
        let Some(served) = self.portals.by_host(host) else {
            return Err(refusal_in(route, system_error::NOT_FOUND));
        };
        if !self.rate.admit(&served.name, peer.address, Instant::now()) {
            return Err(refusal_in(route, system_error::QUERY_LIMIT_EXCEEDED));
        }
        Ok(served)
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
        served: &Served,
        route: CallRoute,
        parts: &Parts,
        body: Incoming,
        began: Began,
    ) -> Reply {
        match parts.method {
            Method::GET | Method::POST => self.answer(served, route, parts, body, began).await,
            Method::HEAD => Reply::empty(StatusCode::OK),
            _ => Refusal::from(system_error::VERB_NOT_ALLOWED)
                .reply(route.format)
                .with_allowed_verbs(),
        }
    }

    async fn answer(
        &self,
        served: &Served,
        route: CallRoute,
        parts: &Parts,
        body: Incoming,
        began: Began,
    ) -> Reply {
        let method = route.target.name();
        let format = route.format;
        let read = match self.allow(served, &route, parts, &body).await {
            // The memory of an upload is released when it is answered.
            Ok(allowed) => body::read(body, allowed.most, allowed.patience)
                .await
                .map(|body| (body, allowed)),
            Err(refusal) => Err(refusal),
        };
        let reply = match read {
            Ok((body, _allowed)) => match self.execute(served, route, parts, body, began).await {
                Ok((raw, time)) => {
                    envelope::success(format, &raw, &time, &served.portal.context.time_zone)
                }
                Err(refusal) => refusal.reply(format),
            },
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
            credentials => self.calls.authenticate(served, credentials).await?,
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
            Err(error) => return Err(self.undecoded(served, &route, parts, error).await),
        };
        let token = params.take_auth();
        let credentials = credentials(&route.authority, token.as_deref(), &parts.headers)?;
        let (raw, processing, usage) = if route.target == Target::Batch {
            let batch = batch::execute(&self.calls, served, &params, credentials, &self.limits);
            let (raw, processing) = batch.await?;
            (raw, processing, Usage::none(self.calls.seconds()))
        } else {
            let call = self.calls.call(served, route.target, params, credentials);
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
        served: &Served,
        route: &CallRoute,
        parts: &Parts,
        error: WireError,
    ) -> Refusal {
        match self.early_credentials(route, parts).await {
            Ok(Credentials::Missing) => error.into(),
            Ok(credentials) => match self.calls.authenticate(served, credentials).await {
                Ok(()) => error.into(),
                Err(denied) => denied.into(),
            },
            Err(denied) => denied.into(),
        }
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
