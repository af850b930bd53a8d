//! Routes requests: method calls to [`Rest`], all other paths to `web::router`. Those to another name of the authorisation server have no
//! portal.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Body};
use hyper::{Request, Uri, body::Incoming, http::request::Parts};
use tower::ServiceExt as _;

use crate::{
    clients::network::Network,
    clock::Clock,
    pages,
    portals::Served,
    rest::{Began, Peer, Reply, Rest, leftover::Lent, route::Route},
    web,
};

/// The routes of other modules.
pub struct Routes {
    /// Those of the authorisation server.
    pub oauth: Router,
    /// The pages of a portal.
    pub pages: Router,
}

/// Answers requests.
pub struct Site {
    rest: Arc<Rest>,
    router: Router,
    /// For requests to another name of the authorisation server.
    nameless: Router,
}

impl Site {
    /// Answers calls through `rest`; other requests time out after `patience`.
    #[must_use]
    pub fn new(rest: Arc<Rest>, clock: Arc<dyn Clock>, routes: Routes, patience: Duration) -> Self {
        let Routes { oauth, pages } = routes;
        Self {
            rest,
            nameless: web::complete(oauth.clone(), patience),
            router: web::router(clock, oauth.merge(pages), patience),
        }
    }

    /// Answers a request. The body is read, or what is left of it taken in, before the answer.
    pub async fn answer(&self, peer: Peer, request: Request<Incoming>) -> Reply {
        let began = self.rest.now();
        let (parts, body) = request.into_parts();
        let route = Route::parse(parts.uri.path());
        if self.rest.is_alias(&parts) {
            return self.answer_alias(&peer, route, parts, body, began).await;
        }
        let (served, _flight) = match self.rest.admit(&peer, &route, &parts) {
            Ok(admitted) => admitted,
            Err(refusal) => return refusal.after(body).await,
        };
        let reply = match route {
            Route::Call(call) => {
                return self
                    .rest
                    .call(&peer, served, call, &parts, body, began)
                    .await;
            }
            Route::Newer => self.rest.newer(&parts.method).after(body).await,
            Route::Other => self.route(&peer, Some(served), parts, body).await,
        };
        tracing::debug!(
            portal = served.name,
            status = reply.status().as_u16(),
            "answered a request that calls no method"
        );
        reply
    }

    /// Answers a request to another name of the authorisation server, which is no portal's.
    async fn answer_alias(
        &self,
        peer: &Peer,
        route: Route,
        parts: Parts,
        body: Incoming,
        began: Began,
    ) -> Reply {
        let _flight = match self.rest.admit_alias(peer, &route, &parts) {
            Ok(flight) => flight,
            Err(refusal) => return refusal.after(body).await,
        };
        let reply = match route {
            Route::Call(call) => {
                self.rest
                    .call_by_token(peer, call, &parts, body, began)
                    .await
            }
            Route::Newer => self.rest.newer(&parts.method).after(body).await,
            Route::Other => self.route(peer, None, parts, body).await,
        };
        tracing::debug!(
            status = reply.status().as_u16(),
            "answered a request to another name of the authorisation server"
        );
        reply
    }

    async fn route(
        &self,
        peer: &Peer,
        served: Option<&Arc<Served>>,
        parts: Parts,
        body: Incoming,
    ) -> Reply {
        let (lent, lender) = Lent::new(body);
        let mut request = Request::from_parts(parts, Body::new(lent));
        if let Some(uri) = without_empty_segments(request.uri()) {
            *request.uri_mut() = uri;
        }
        let network = Network::of(peer.address);
        request.extensions_mut().insert(pages::From(network));
        let router = match served {
            Some(served) => {
                request.extensions_mut().insert(Arc::clone(served));
                &self.router
            }
            None => &self.nameless,
        };
        let Ok(response) = router.clone().oneshot(request).await;
        let reply = Reply::from(response);
        match lender.take() {
            Some(body) => reply.after(body).await,
            None => reply,
        }
    }
}

/// The address without repeated or trailing slashes; `None` if it has none. Clients join addresses
/// carelessly.
fn without_empty_segments(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    if !path.contains("//") && (path == "/" || !path.ends_with('/')) {
        return None;
    }
    let mut plain = String::with_capacity(path.len());
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        plain.push('/');
        plain.push_str(segment);
    }
    if plain.is_empty() {
        plain.push('/');
    }
    if let Some(query) = uri.query() {
        plain.push('?');
        plain.push_str(query);
    }
    plain.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_segments_of_an_address_go_and_its_query_stays() {
        for (given, plain) in [
            ("//file///a1//", Some("/file/a1")),
            ("/file/a1/?x=//", Some("/file/a1?x=//")),
            ("//", Some("/")),
            ("/file/a1?x=1/", None),
            ("/", None),
        ] {
            let uri: Uri = given.parse().unwrap();
            let changed = without_empty_segments(&uri).map(|uri| uri.to_string());
            assert_eq!(changed.as_deref(), plain, "{given}");
        }
    }
}
