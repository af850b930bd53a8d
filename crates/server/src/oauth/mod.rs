//! The authorisation server: each portal's own, at the portal's host, and under its other host names the one of all portals, which finds
//! the portal by what it is given. Clients that have such a name built in work when it leads here.

mod error;
mod token;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{Request, State},
    routing::get,
};
use readmark_api::{contract::system_error, wire::Limits};
use readmark_app::{Random, oauth::Lifetimes};

use crate::{
    clock::Clock,
    parameters,
    portals::Served,
    rest::{Reply, Rest, refusal},
};

/// What the routes need.
pub(crate) struct Desk {
    /// Knows the portals.
    pub(crate) rest: Arc<Rest>,
    /// The clock.
    pub(crate) clock: Arc<dyn Clock>,
    /// Draws tokens.
    pub(crate) random: Arc<dyn Random>,
    /// How long codes and tokens are good.
    pub(crate) lifetimes: Lifetimes,
    /// Limits of parameters.
    pub(crate) limits: Limits,
}

/// The routes. A request to a portal's host carries the portal as an extension.
pub(crate) fn routes(desk: Arc<Desk>) -> Router {
    let token = || get(answer).post(answer).head(refuse_verb);
    Router::new()
        .route("/oauth/token", token())
        .route("/rest/oauth/token", token())
        .with_state(desk)
}

async fn refuse_verb() -> Reply {
    refusal(system_error::VERB_NOT_ALLOWED).with_allowed_verbs()
}

async fn answer(
    State(desk): State<Arc<Desk>>,
    served: Option<Extension<Arc<Served>>>,
    request: Request,
) -> Reply {
    let (parts, body) = request.into_parts();
    let portals = match served {
        Some(Extension(served)) => vec![served],
        None => desk.rest.portals().iter().map(Arc::clone).collect(),
    };
    match parameters::read(&desk.limits, &parts, body).await {
        Ok(params) => token::answer(&desk, &portals, &params).await,
        Err(reply) => reply,
    }
}
