//! An answer as an HTTP response: headers, and CORS.

use axum::{body::Body, response::IntoResponse};
use bytes::Bytes;
use futures_util::StreamExt;
use http_body_util::{BodyExt as _, Either, Full, StreamBody};
use hyper::{
    Response, StatusCode, Version,
    body::{Frame, Incoming},
    header::{self, HeaderMap, HeaderName, HeaderValue},
};

use super::leftover;
use crate::files::Stream;

/// The content type of JSON answers.
pub(super) const JSON: &str = "application/json; charset=utf-8";

/// The content type of XML answers.
pub(super) const XML: &str = "text/xml; charset=utf-8";

const VERBS: HeaderValue = HeaderValue::from_static("GET, POST, OPTIONS");
const ANY: HeaderValue = HeaderValue::from_static("*");

/// The body of an answer: complete bytes, or a stream.
pub type ReplyBody = Either<Full<Bytes>, Body>;

/// An answer.
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: ReplyBody,
    /// Whether the connection closes after it.
    close: bool,
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("close", &self.close)
            .finish_non_exhaustive()
    }
}

impl Reply {
    pub(crate) fn new(status: StatusCode, content_type: &'static str, body: Bytes) -> Self {
        let mut reply = Self::empty(status);
        reply.body = Either::Left(Full::new(body));
        reply
            .with(header::CONTENT_TYPE, HeaderValue::from_static(content_type))
            .with(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
    }

    /// With a streamed body. If a part fails, the connection ends before the body is complete.
    pub(crate) fn stream(status: StatusCode, parts: Stream) -> Self {
        let mut reply = Self::empty(status);
        let frames = parts.map(|part| part.map(Frame::data));
        reply.body = Either::Right(Body::new(StreamBody::new(frames)));
        reply
    }

    /// Reports each chunk of a streamed body.
    #[must_use]
    pub(crate) fn telling(mut self, moved: impl Fn() + Send + 'static) -> Self {
        self.body = match self.body {
            Either::Right(parts) => Either::Right(Body::new(parts.map_frame(move |part| {
                moved();
                part
            }))),
            whole @ Either::Left(_) => whole,
        };
        self
    }

    /// Without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        let reply = Self {
            status,
            headers: HeaderMap::new(),
            body: Either::Left(Full::default()),
            close: false,
        };
        reply.with(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY).with(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        )
    }

    /// The answer to a CORS preflight.
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

    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Adds the `Allow` header.
    pub(crate) fn with_allowed_verbs(self) -> Self {
        self.with(
            header::ALLOW,
            HeaderValue::from_static("GET, POST, HEAD, OPTIONS"),
        )
    }

    /// Closes the connection after it.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.close = true;
        self
    }

    /// The same after what is left of the request's body, which nobody reads, was taken in. The connection closes if that is long.
    pub(crate) async fn after(self, body: Incoming) -> Self {
        if leftover::discard(body).await {
            self
        } else {
            self.closing()
        }
    }

    /// Its status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// As a response of that HTTP version. HTTP/2 closes connections in its own way.
    #[must_use]
    pub fn into_response(self, version: Version) -> Response<ReplyBody> {
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if self.close && version < Version::HTTP_2 {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        response
    }

    #[cfg(test)]
    pub(super) fn text(self) -> String {
        use futures_util::FutureExt;
        use http_body_util::BodyExt;

        // An in-memory body is ready at once.
        let body = self.body.collect().now_or_never().unwrap();
        String::from_utf8(body.unwrap().to_bytes().to_vec()).unwrap()
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> axum::response::Response {
        let mut response = axum::response::Response::new(Body::new(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

impl From<axum::response::Response> for Reply {
    fn from(response: axum::response::Response) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: Either::Right(body),
            close: false,
        }
    }
}
