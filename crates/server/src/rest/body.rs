//! Reads a request's body, within limits of size and time.

use std::{error::Error, time::Duration};

use bytes::{BufMut, Bytes, BytesMut};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use readmark_api::{
    contract::system_error,
    wire::{self, Limits, Params, WireError},
};

use super::{envelope::Refusal, leftover};

/// Longer bodies are decoded off the runtime's threads, so that they delay no others.
const LONG: usize = 64 << 10;

/// Reads a body.
///
/// # Errors
/// A refusal that closes the connection, as the rest of the body may still be in transit.
pub(super) async fn read(
    mut body: Incoming,
    most: usize,
    patience: Duration,
) -> Result<Bytes, Refusal> {
    let announced = body.size_hint().lower();
    if announced > u64::try_from(most).unwrap_or(u64::MAX) {
        leftover::discard(body).await;
        return Err(system_error::TOO_LARGE.into());
    }
    match tokio::time::timeout(patience, collect(&mut body, most)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            leftover::discard(body).await;
            Err(system_error::TOO_LARGE.into())
        }
        Ok(Err(_)) => Err(system_error::MALFORMED_REQUEST.into()),
        Err(_) => Err(system_error::TOO_SLOW.into()),
    }
}

/// A body in one piece. The memory of a long one is reserved at once: its chunks would be held until the last has come, and then be
/// copied.
async fn collect(body: &mut Incoming, most: usize) -> Result<Bytes, Box<dyn Error + Send + Sync>> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(most);
    let mut body = Limited::new(body, most);
    if announced <= LONG {
        return Ok(body.collect().await?.to_bytes());
    }
    let mut whole = BytesMut::with_capacity(announced.min(most));
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            whole.put(data);
        }
    }
    Ok(whole.freeze())
}

/// Decodes the parameters of a query string and a body.
///
/// # Errors
/// As [`wire::decode_request`].
pub(super) async fn decode(
    query: &str,
    content_type: Option<&str>,
    body: Bytes,
    limits: Limits,
) -> Result<Params, WireError> {
    if query.len() + body.len() < LONG {
        return wire::decode_request(query, content_type, &body, &limits);
    }
    let (query, content_type) = (query.to_owned(), content_type.map(str::to_owned));
    let decoding = tokio::task::spawn_blocking(move || {
        wire::decode_request(&query, content_type.as_deref(), &body, &limits)
    });
    decoding
        .await
        .unwrap_or_else(|_| Err(WireError::Malformed("it cannot be decoded".to_owned())))
}
