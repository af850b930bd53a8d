//! An answer as HTTP: headers, and what browsers need to read it from other origins.

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Response, StatusCode, Version,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};

/// The type of answers in JSON.
pub(super) const JSON: &str = "application/json; charset=utf-8";

/// The type of answers in XML.
pub(super) const XML: &str = "text/xml; charset=utf-8";

const VERBS: HeaderValue = HeaderValue::from_static("GET, POST, OPTIONS");
const ANY: HeaderValue = HeaderValue::from_static("*");

/// An answer.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// Whether the connection ends with it.
    close: bool,
}

impl Reply {
    pub(super) fn new(status: StatusCode, content_type: &'static str, body: Bytes) -> Self {
        let mut reply = Self::empty(status);
        reply.body = body;
        reply
            .with(header::CONTENT_TYPE, HeaderValue::from_static(content_type))
            .with(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
    }

    /// Without a body.
    pub(super) fn empty(status: StatusCode) -> Self {
        let reply = Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            close: false,
        };
        reply.with(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY).with(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        )
    }

    /// Tells a browser what it may send.
    pub(super) fn preflight() -> Self {
        let headers = "Content-Type, X-Request-ID, Authorization, Accept, Idempotency-Key";
        Self::empty(StatusCode::NO_CONTENT)
            .with(header::ACCESS_CONTROL_ALLOW_METHODS, VERBS)
            .with(
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                HeaderValue::from_static(headers),
            )
            .with(
                header::ACCESS_CONTROL_MAX_AGE,
                HeaderValue::from_static("86400"),
            )
    }

    pub(super) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Says which verbs are allowed.
    pub(super) fn with_allowed_verbs(self) -> Self {
        self.with(
            header::ALLOW,
            HeaderValue::from_static("GET, POST, HEAD, OPTIONS"),
        )
    }

    /// The connection ends with it.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.close = true;
        self
    }

    /// Its status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// As an answer in that version of HTTP. HTTP/2 closes connections in its own way.
    #[must_use]
    pub fn into_response(self, version: Version) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if self.close && version < Version::HTTP_2 {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        response
    }

    #[cfg(test)]
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }
}
