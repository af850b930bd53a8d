//! One connection, from its first byte to its end.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use super::{
    gate::{Gate, Phase},
    listener::Timeouts,
    pace::{Open, Pace, Paced, Slow},
};
use crate::rest::{Peer, Reply, ReplyBody, Rest};

/// The first byte of every TLS connection: a handshake record.
const TLS_HANDSHAKE: u8 = 0x16;

/// Requests that may be under way at once on one HTTP/2 connection.
const STREAMS: u32 = 100;

/// The longest head of a request: clients put parameters into the query.
const LONGEST_HEAD: u32 = 256 << 10;

/// How long a connection that is told to end may still take.
const FAREWELL: Duration = Duration::from_secs(5);

/// What every connection shares.
pub(super) struct Shared {
    pub(super) rest: Arc<Rest>,
    pub(super) gate: Arc<Gate>,
    pub(super) tls: TlsAcceptor,
    pub(super) timeouts: Timeouts,
}

/// Serves a connection. One that was not admitted only hears that there are too many.
pub(super) async fn serve(
    shared: Arc<Shared>,
    stream: TcpStream,
    address: SocketAddr,
    admitted: bool,
) {
    let opened = tokio::select! {
        opened = open(&shared, stream) => opened,
        () = shared.gate.reached(Phase::Closing) => return,
    };
    let peer = |secure| Peer {
        address: address.ip(),
        secure,
    };
    match opened {
        Ok(Opened::Tls(stream)) => {
            let multiplexed = stream.get_ref().1.alpn_protocol() == Some(b"h2");
            drive(&shared, *stream, peer(true), admitted, multiplexed).await;
        }
        Ok(Opened::Plain(stream)) => drive(&shared, stream, peer(false), admitted, false).await,
        Err(error) => tracing::debug!(%address, %error, "a connection came to nothing"),
    }
}

enum Opened {
    Tls(Box<tokio_rustls::server::TlsStream<TcpStream>>),
    Plain(TcpStream),
}

/// Shakes hands, unless the client speaks plain HTTP.
async fn open(shared: &Shared, stream: TcpStream) -> io::Result<Opened> {
    stream.set_nodelay(true)?;
    let mut first = [0_u8; 1];
    let opening = async {
        if stream.peek(&mut first).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if first[0] == TLS_HANDSHAKE {
            let stream = shared.tls.accept(stream).await?;
            Ok(Opened::Tls(Box::new(stream)))
        } else {
            Ok(Opened::Plain(stream))
        }
    };
    timeout(shared.timeouts.header, opening)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

async fn drive<S>(shared: &Arc<Shared>, stream: S, peer: Peer, admitted: bool, multiplexed: bool)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let pace = Arc::new(Pace::new(multiplexed));
    let stream = Paced {
        stream,
        pace: Arc::clone(&pace),
    };
    let service = {
        let (shared, pace) = (Arc::clone(shared), Arc::clone(&pace));
        service_fn(move |request| answer(Arc::clone(&shared), pace.open(), peer, admitted, request))
    };
    let builder = builder();
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let mut ending: Option<Instant> = None;
    let tick = shared.timeouts.tick();
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(address = %peer.address, error, "a connection broke");
                }
                return;
            }
            () = shared.gate.reached(Phase::Closing), if ending.is_none() => {
                ending = Some(Instant::now());
                connection.as_mut().graceful_shutdown();
            }
            () = tokio::time::sleep(tick) => {
                let slow = pace.slow(shared.timeouts.header, shared.timeouts.idle);
                match (slow, ending) {
                    (Some(Slow::Head), _) => return,
                    (Some(Slow::Idle), Some(since)) if since.elapsed() >= FAREWELL => return,
                    (Some(Slow::Idle), None) => {
                        ending = Some(Instant::now());
                        connection.as_mut().graceful_shutdown();
                    }
                    _ => {}
                }
            }
        }
    }
}

fn builder() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        // The pace of the client is watched here, where waiting for a request and waiting for its end differ.
        .header_read_timeout(None)
        .max_buf_size(LONGEST_HEAD as usize);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(LONGEST_HEAD);
    builder
}

async fn answer(
    shared: Arc<Shared>,
    open: Open,
    peer: Peer,
    admitted: bool,
    request: Request<Incoming>,
) -> Result<Response<ReplyBody>, Infallible> {
    let version = request.version();
    let admission = if admitted { shared.gate.enter() } else { None };
    let Some(admission) = admission else {
        return Ok(Rest::overloaded().into_response(version));
    };
    let rest = Arc::clone(&shared.rest);
    // A task of its own: it is finished, and counted until then, also when the client has gone.
    let reply = guarded(async move {
        let reply = rest.answer(peer, request).await;
        drop(admission);
        reply
    });
    // A body that comes in parts is sent after this request counts as answered; as long as parts go, nobody is idle.
    let moved = open.progress();
    Ok(reply.await.telling(moved).into_response(version))
}

/// Runs in a task of its own, so that a panic ends nothing but this one answer.
async fn guarded(answer: impl Future<Output = Reply> + Send + 'static) -> Reply {
    tokio::spawn(answer).await.unwrap_or_else(|error| {
        tracing::error!(panicked = error.is_panic(), "answering a request failed");
        Rest::failed()
    })
}

#[cfg(test)]
mod tests {
    use hyper::Version;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered_as_an_internal_error() {
        let reply = guarded(async { panic!("of no concern to the client") }).await;
        let response = reply.into_response(Version::HTTP_11);
        assert_eq!(response.status(), 500);
        let body = http_body_util::BodyExt::collect(response.into_body())
            .await
            .unwrap()
            .to_bytes();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["error"], "INTERNAL_SERVER_ERROR");
    }
}
