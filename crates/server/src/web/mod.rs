//! What is served beside calls of methods: pictures and the files of messages. Pages, sign-in and live connections belong here, too.
//!
//! Requests come here by axum's router, within tower's layers. Calls do not: routing, boxing and layers cost them more than a read of a
//! chat does in memory, so [`Site`](crate::site::Site) hands them to [`Rest`](crate::rest::Rest) directly.

mod download;
mod picture;

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    extract::{Path, Request, State},
    routing::get,
};
use hyper::StatusCode;
use readmark_api::{contract::system_error, portal::file_link};
use tower_http::{limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

use crate::{
    clock::Clock,
    portals::Served,
    rest::{Reply, refusal},
};

/// The longest body of a request that calls no method, in bytes.
const MAX_BODY: usize = 64 << 10;

/// The routes. Each request has the portal that it is for as an extension; `patience` is how long an answer may take to begin.
pub(crate) fn router(clock: Arc<dyn Clock>, patience: Duration) -> Router {
    Router::new()
        .route("/file/{token}", get(picture))
        .route(file_link::PATH, get(download))
        .route("/rest/download", get(download))
        .fallback(async || refusal(system_error::NOT_FOUND))
        .method_not_allowed_fallback(async || {
            refusal(system_error::VERB_NOT_ALLOWED).with_allowed_verbs()
        })
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            patience,
        ))
        .with_state(clock)
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
