//! The pages of a portal for people: signing in, invitations, sessions, and the question whether an application may act. They are made on
//! the server, work without scripts, and cannot be shown in frames.

mod account;
mod attempts;
mod authorize;
mod cookie;
mod html;
mod invitation;
pub(crate) mod password;
mod sign_in;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use hyper::{HeaderMap, StatusCode, http::request::Parts};
use readmark_api::wire::{Limits, Params};
use readmark_app::{Random, oauth::Lifetimes, sign_in as app};
use readmark_store::{Store, StoreError, Tx, TxError};
use tokio::sync::oneshot;

use self::{attempts::Attempts, cookie::Cookies, password::Hasher};
use crate::{clients::network::Network, clock::Clock, parameters, portals::Served};

/// What the pages need.
pub(crate) struct Desk {
    /// The clock.
    pub(crate) clock: Arc<dyn Clock>,
    /// Draws tokens.
    pub(crate) random: Arc<dyn Random>,
    /// How long codes and tokens are good.
    pub(crate) lifetimes: Lifetimes,
    /// How long a session lasts.
    pub(crate) session: Duration,
    /// Limits of parameters.
    pub(crate) limits: Limits,
    hasher: Hasher,
    attempts: Attempts,
}

/// The network of a request's client, as an extension of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct From(pub(crate) Network);

impl Desk {
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        lifetimes: Lifetimes,
        session: Duration,
        limits: Limits,
    ) -> Self {
        Self {
            clock,
            random,
            lifetimes,
            session,
            limits,
            hasher: Hasher::new(),
            attempts: Attempts::default(),
        }
    }
}

/// The routes. Each request carries its portal and its client's network as extensions.
pub(crate) fn routes(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/pages.css", get(html::style))
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/account", get(account::show))
        .route("/account/sessions", post(account::end_session))
        .route(
            "/invitation/{token}",
            get(invitation::show).post(invitation::submit),
        )
        .route(
            "/oauth/authorize",
            get(authorize::ask).post(authorize::answer),
        )
        .with_state(desk)
}

/// A form that was sent, from a page of this portal in the same browser.
struct Form {
    headers: HeaderMap,
    cookies: Cookies,
    params: Params,
}

impl Form {
    /// Reads a form.
    ///
    /// # Errors
    /// The answer to one that is too long, malformed, or of another origin.
    async fn read(desk: &Desk, request: Request, signed_in: bool) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let read = parameters::read(&desk.limits, &parts, body).await;
        let params = read.map_err(IntoResponse::into_response)?;
        let Parts { headers, uri, .. } = parts;
        let cookies = Cookies::read(&headers);
        let host = uri.authority().map(|authority| authority.as_str());
        let token = parameters::text(&params, "form").unwrap_or_default();
        if !cookie::from_here(&headers, host) || !cookies.sent(&token, signed_in) {
            return Err(html::message(
                StatusCode::FORBIDDEN,
                "That did not work",
                "The form is not from this page, or too old. Go back, reload the page and try again.",
            ));
        }
        Ok(Self {
            headers,
            cookies,
            params,
        })
    }

    fn text(&self, name: &str) -> String {
        parameters::text(&self.params, name).unwrap_or_default()
    }

    /// The text as it is, with its blanks.
    fn raw(&self, name: &str) -> String {
        let text = self.params.get(name).as_text();
        text.map(|text| text.into_owned()).unwrap_or_default()
    }
}

/// Who is signed in with these cookies.
async fn signed_in(
    desk: &Desk,
    served: &Served,
    cookies: &Cookies,
) -> Result<Option<app::SignedIn>, Response> {
    let Some(hash) = cookies.session_hash() else {
        return Ok(None);
    };
    let now = desk.clock.now();
    read(served, move |tx| app::find_session(tx, &hash, now)).await
}

/// Runs a transaction that only reads.
async fn read<T: Send + 'static>(
    served: &Served,
    work: impl FnMut(&mut dyn Tx) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Response> {
    let (sender, receiver) = oneshot::channel();
    let store: &Store = &served.portal.store;
    store.read_then(work, move |done| drop(sender.send(done)));
    let done = receiver
        .await
        .unwrap_or(Err(StoreError::Decode("no outcome")));
    done.map_err(|error| failed(served, &error))
}

/// Runs a transaction that writes.
async fn write<T: Send + 'static, E: TxError>(
    served: &Served,
    work: impl FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
) -> Result<Result<T, E>, Response> {
    let (sender, receiver) = oneshot::channel();
    let store: &Store = &served.portal.store;
    store.write_then(work, move |done| drop(sender.send(done)));
    match receiver.await {
        Ok(done) => Ok(done),
        Err(_) => Err(failed(served, &StoreError::Decode("no outcome"))),
    }
}

/// The answer where the store failed, which is logged.
fn failed(served: &Served, error: &dyn std::error::Error) -> Response {
    tracing::error!(portal = served.name, %error, "a page cannot be answered");
    html::message(
        StatusCode::INTERNAL_SERVER_ERROR,
        "That did not work",
        "The server failed. Try again in a while.",
    )
}

/// The answer where too many passwords are being compared.
fn busy() -> Response {
    html::message(
        StatusCode::SERVICE_UNAVAILABLE,
        "That did not work",
        "Too many people are signing in just now. Try again in a while.",
    )
}
