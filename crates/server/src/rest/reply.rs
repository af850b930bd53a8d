//! An answer as HTTP: headers, and what browsers need to read it from other origins.

use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use http_body_util::{Either, Full, StreamBody};
use hyper::{
    Response, StatusCode, Version,
    body::Frame,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};

use crate::files::Stream;

/// The type of answers in JSON.
pub(super) const JSON: &str = "application/json; charset=utf-8";

/// The type of answers in XML.
pub(super) const XML: &str = "text/xml; charset=utf-8";

const VERBS: HeaderValue = HeaderValue::from_static("GET, POST, OPTIONS");
const ANY: HeaderValue = HeaderValue::from_static("*");

type Frames = BoxStream<'static, Result<Frame<Bytes>, object_store::Error>>;

/// What an answer is sent from: bytes at hand, or bytes as they come.
pub type ReplyBody = Either<Full<Bytes>, StreamBody<Frames>>;

/// An answer.
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: ReplyBody,
    /// Whether the connection ends with it.
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
    pub(super) fn new(status: StatusCode, content_type: &'static str, body: Bytes) -> Self {
        let mut reply = Self::empty(status);
        reply.body = Either::Left(Full::new(body));
        reply
            .with(header::CONTENT_TYPE, HeaderValue::from_static(content_type))
            .with(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
    }

    /// With a body that comes in parts. When one fails to come, the connection ends before the body is complete.
    pub(super) fn stream(status: StatusCode, parts: Stream) -> Self {
        let mut reply = Self::empty(status);
        let frames = parts.map(|part| part.map(Frame::data)).boxed();
        reply.body = Either::Right(StreamBody::new(frames));
        reply
    }

    /// Tells of each part of a body that comes in parts.
    #[must_use]
    pub(crate) fn telling(mut self, moved: impl Fn() + Send + 'static) -> Self {
        self.body = match self.body {
            Either::Right(stream) => {
                let frames = stream.inspect(move |_| moved()).boxed();
                Either::Right(StreamBody::new(frames))
            }
            whole @ Either::Left(_) => whole,
        };
        self
    }

    /// Without a body.
    pub(super) fn empty(status: StatusCode) -> Self {
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

        // Bytes at hand need no waiting.
        let body = self.body.collect().now_or_never().unwrap();
        String::from_utf8(body.unwrap().to_bytes().to_vec()).unwrap()
    }
}
