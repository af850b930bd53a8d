//! Everything served apart from method calls: pictures and the files of messages.
//!
//! Requests come here through axum's router with tower layers. Method calls bypass both: [`Site`](crate::site::Site) passes them to
//! [`Rest`](crate::rest::Rest) directly.

mod download;
mod picture;

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    extract::{Path, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use readmark_api::{contract::system_error, portal::file_link};

use crate::{
    clock::Clock,
    portals::Served,
    rest::{Reply, refusal},
};

/// The routes of a portal, with those of other modules. Each request carries its portal as an extension; `patience` is how
/// long an answer may take to begin.
pub(crate) fn router(clock: Arc<dyn Clock>, others: Router, patience: Duration) -> Router {
    let own = Router::new()
        .route("/file/{token}", get(picture))
        .route(file_link::PATH, get(download))
        .route("/rest/download", get(download))
        .with_state(clock);
    complete(own.merge(others), patience)
}

/// These routes, with an answer to every other request and a bound for its time.
pub(crate) fn complete(routes: Router, patience: Duration) -> Router {
    routes
        .fallback(async || refusal(system_error::NOT_FOUND))
        .method_not_allowed_fallback(async || {
            refusal(system_error::VERB_NOT_ALLOWED).with_allowed_verbs()
        })
        .layer(middleware::from_fn_with_state(patience, within))
}

async fn picture(Extension(served): Extension<Arc<Served>>, Path(token): Path<String>) -> Reply {
    picture::answer(&served.portal, token).await
}

async fn download(
    State(clock): State<Arc<dyn Clock>>,
    Extension(served): Extension<Arc<Served>>,
    request: Request,
) -> Reply {
    let (parts, _) = request.into_parts();
    download::answer(&served, &parts, clock.now()).await
}

/// Answers with an overload error if an answer takes too long to begin.
async fn within(State(patience): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => IntoResponse::into_response(refusal(system_error::OVERLOAD)),
    }
}
