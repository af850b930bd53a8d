//! The parameters of requests that are no method calls: in the query and a short body.

use axum::body::Body;
use hyper::{header::CONTENT_TYPE, http::request::Parts};
use readmark_api::{
    contract::system_error,
    wire::{Limits, Params, decode_request},
};

use crate::rest::{Reply, refusal};

/// The longest body, in bytes.
const MOST: usize = 64 << 10;

/// Reads the parameters of a request.
pub(crate) async fn read(limits: &Limits, parts: &Parts, body: Body) -> Result<Params, Reply> {
    let Ok(body) = axum::body::to_bytes(body, MOST).await else {
        return Err(refusal(system_error::TOO_LARGE).closing());
    };
    let query = parts.uri.query().unwrap_or_default();
    let content_type = parts.headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    decode_request(query, content_type, &body, limits)
        .map_err(|_| refusal(system_error::MALFORMED_REQUEST))
}

/// A parameter as text without surrounding blanks; `None` where it is missing, blank, or no text.
pub(crate) fn text(params: &Params, name: &str) -> Option<String> {
    let text = params.get(name).as_text()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
