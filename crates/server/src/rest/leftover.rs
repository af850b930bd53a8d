//! Bodies that nobody reads because the answer is known before: a bounded rest of them is taken in first. Clients that are still sending
//! when the answer comes and the connection ends may lose the answer.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming, SizeHint};

/// How much of a body is taken in. None of it is kept.
const MOST: usize = 16 << 20;

/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Takes in what is left of a body. Answers whether it ended; if not, the connection is to be closed.
pub(crate) async fn discard(mut body: Incoming) -> bool {
    let mut left = MOST;
    let taking = async {
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else {
                return false;
            };
            let length = frame.data_ref().map_or(0, Bytes::len);
            match left.checked_sub(length) {
                Some(rest) => left = rest,
                None => return false,
            }
        }
        true
    };
    tokio::time::timeout(PATIENCE, taking)
        .await
        .unwrap_or(false)
}

/// A body that is lent, and comes back when whoever has it drops it.
pub(crate) struct Lent {
    body: Option<Incoming>,
    back: Lender,
}

/// Where a lent body comes back to.
#[derive(Clone, Default)]
pub(crate) struct Lender(Arc<Mutex<Option<Incoming>>>);

impl Lent {
    /// Lends a body.
    pub(crate) fn new(body: Incoming) -> (Self, Lender) {
        let back = Lender::default();
        let lent = Self {
            body: Some(body),
            back: back.clone(),
        };
        (lent, back)
    }
}

impl Lender {
    /// The body, once it is back.
    pub(crate) fn take(&self) -> Option<Incoming> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        body.take()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut back = self.back.0.lock().unwrap_or_else(PoisonError::into_inner);
        *back = self.body.take();
    }
}

impl Body for Lent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(SizeHint::default, Body::size_hint)
    }
}
