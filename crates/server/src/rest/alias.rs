//! Requests to the other host names of the authorisation server, which name no portal.

use hyper::{Method, StatusCode, body::Incoming, header, http::request::Parts};
use readmark_api::{
    call::credentials::Credentials,
    contract::system_error::{self, ApiError},
    wire::Params,
};
use readmark_app::token;
use readmark_model::SecretHash;
use readmark_store::StoreError;
use std::sync::Arc;
use tokio::sync::oneshot;

use super::{
    Began, Finished, Peer, Reply, Rest, Route, Served, Time, body, credentials,
    envelope::{self, Refusal},
    host,
    route::{CallRoute, PathAuthority},
    text,
};

/// The only method of the authorisation server.
const METHOD: &str = "app.info";

/// The longest body of such a call, in bytes.
const MOST: usize = 64 << 10;

impl Rest {
    /// Whether a request is for the authorisation server under another name than a portal's.
    pub(crate) fn is_alias(&self, parts: &Parts) -> bool {
        host(parts).is_some_and(|host| self.portals.is_alias(host))
    }

    /// Answers a call by access token, whose portal is the one that issued it.
    pub(crate) async fn call_by_token(
        &self,
        peer: &Peer,
        route: CallRoute,
        parts: &Parts,
        body: Incoming,
        began: Began,
    ) -> Reply {
        let format = route.format;
        let known = route.target.name() == METHOD && route.authority == PathAuthority::Token;
        if !known {
            return super::refusal_in(&Route::Call(route), system_error::METHOD_NOT_FOUND)
                .after(body)
                .await;
        }
        if parts.method == Method::HEAD {
            return Reply::empty(StatusCode::OK).after(body).await;
        }
        if !matches!(parts.method, Method::GET | Method::POST) {
            return super::refusal_in(&Route::Call(route), system_error::VERB_NOT_ALLOWED)
                .with_allowed_verbs()
                .after(body)
                .await;
        }
        let usual = self.uploads.usual();
        let read = body::read(body, usual.most.min(MOST), usual.patience).await;
        let body = match read {
            Ok(body) => body,
            Err(refusal) => return refusal.reply(format).closing(),
        };
        let query = parts.uri.query().unwrap_or_default();
        let content_type = text(&parts.headers, &header::CONTENT_TYPE);
        let mut params = match body::decode(query, content_type, body, self.limits).await {
            Ok(params) => params,
            Err(error) => return Refusal::from(error).reply(format),
        };
        let token = params.take_auth();
        let given = credentials(&route.authority, token.as_deref(), &parts.headers);
        match self.find_by_token(given).await {
            Ok((served, given)) => {
                self.info(peer, &served, &route, (params, given), began)
                    .await
            }
            Err(error) => Refusal::from(error).reply(format),
        }
    }

    async fn info(
        &self,
        peer: &Peer,
        served: &Served,
        route: &CallRoute,
        (params, given): (Params, Credentials),
        began: Began,
    ) -> Reply {
        let call = self.calls.call(peer, served, route.target, params, given);
        let Finished { answer, time } = call.await;
        let time = Time {
            start: began.micros,
            duration: began.at.elapsed(),
            ..time
        };
        match answer {
            Ok(raw) => {
                let zone = &served.portal.context.time_zone;
                envelope::success(route.format, &raw, &time, zone)
            }
            // The portal's error has another code here.
            Err(error) if error == system_error::ERROR_OAUTH => {
                Refusal::from(system_error::NOT_INSTALLED).reply(route.format)
            }
            Err(error) => Refusal::from(error).reply(route.format),
        }
    }

    /// The portal that issued a token.
    async fn find_by_token(
        &self,
        given: Result<Credentials, ApiError>,
    ) -> Result<(Arc<Served>, Credentials), ApiError> {
        let given = given?;
        let Credentials::Token(hash) = given else {
            return Err(system_error::NO_AUTH_FOUND);
        };
        for served in self.portals.iter() {
            match knows(served, hash).await {
                Ok(true) => return Ok((Arc::clone(served), given)),
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(portal = served.name, %error, "a token cannot be looked up");
                    return Err(system_error::of_fault(&error));
                }
            }
        }
        Err(system_error::INVALID_TOKEN)
    }
}

async fn knows(served: &Served, hash: SecretHash) -> Result<bool, StoreError> {
    let (sender, receiver) = oneshot::channel();
    served.portal.store.read_then(
        move |tx| token::is_known(tx, &hash),
        move |known: Result<bool, StoreError>| drop(sender.send(known)),
    );
    receiver
        .await
        .unwrap_or(Err(StoreError::Decode("no outcome")))
}
