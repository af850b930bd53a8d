//! One connection, from first byte to close.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use futures_util::{FutureExt, future::CatchUnwind};
use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    runtime::Handle,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use super::{
    gate::{Gate, Phase},
    pace::{Open, Pace, Paced, Slow},
    timeouts::Timeouts,
};
use crate::{
    rest::{Peer, Reply, ReplyBody, Rest},
    site::Site,
};

/// The first byte of every TLS connection: a handshake record.
const TLS_HANDSHAKE: u8 = 0x16;

/// Concurrent requests per HTTP/2 connection.
const STREAMS: u32 = 100;

/// The maximum size of a request head: clients put parameters into the query.
const LONGEST_HEAD: u32 = 256 << 10;

/// How long a connection may take to close once asked to.
const FAREWELL: Duration = Duration::from_secs(5);

/// Shared by all connections.
pub(super) struct Shared {
    pub(super) site: Arc<Site>,
    pub(super) gate: Arc<Gate>,
    pub(super) tls: TlsAcceptor,
    pub(super) timeouts: Timeouts,
}

/// Serves a connection. One that was not admitted only gets the overload error.
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
        Err(error) => tracing::debug!(%address, %error, "connection failed"),
    }
}

enum Opened {
    Tls(Box<tokio_rustls::server::TlsStream<TcpStream>>),
    Plain(TcpStream),
}

/// Performs the TLS handshake, unless the client speaks plain HTTP.
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
                    tracing::debug!(address = %peer.address, error, "connection broken");
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
        // `Pace` enforces this timeout: it can tell a client that sends nothing from one that does not finish a request.
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
    let site = Arc::clone(&shared.site);
    // The request runs to completion and counts as in progress until then, even if the client disconnects.
    let reply = Detachable::new(async move {
        let reply = site.answer(peer, request).await;
        drop(admission);
        reply
    });
    // A streamed body is sent after this request counts as answered; while chunks are being sent, the connection is not idle.
    let moved = open.progress();
    Ok(reply.await.telling(moved).into_response(version))
}

/// Answers a request independently of the connection: a panic ends only this answer, and if the connection ends first, the
/// answer continues in a task of its own. Only then, because a task per request costs an allocation, copies and a wake-up.
struct Detachable<F: Future<Output = Reply> + Send + 'static>(
    Option<Pin<Box<CatchUnwind<AssertUnwindSafe<F>>>>>,
);

impl<F: Future<Output = Reply> + Send + 'static> Detachable<F> {
    fn new(answer: F) -> Self {
        // The future's state is not used after a panic.
        Self(Some(Box::pin(AssertUnwindSafe(answer).catch_unwind())))
    }
}

impl<F: Future<Output = Reply> + Send + 'static> Future for Detachable<F> {
    type Output = Reply;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Reply> {
        let Some(answer) = &mut self.0 else {
            return Poll::Ready(Rest::failed());
        };
        let caught = ready!(answer.as_mut().poll(cx));
        self.0 = None;
        Poll::Ready(caught.unwrap_or_else(|_| {
            tracing::error!("answering a request panicked");
            Rest::failed()
        }))
    }
}

impl<F: Future<Output = Reply> + Send + 'static> Drop for Detachable<F> {
    fn drop(&mut self) {
        if let Some(answer) = self.0.take()
            && let Ok(runtime) = Handle::try_current()
        {
            drop(runtime.spawn(answer));
        }
    }
}

#[cfg(test)]
mod tests {
    use hyper::Version;
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered_as_an_internal_error() {
        let reply = Detachable::new(async { panic!("of no concern to the client") }).await;
        let response = reply.into_response(Version::HTTP_11);
        assert_eq!(response.status(), 500);
        let body = http_body_util::BodyExt::collect(response.into_body())
            .await
            .unwrap()
            .to_bytes();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["error"], "INTERNAL_SERVER_ERROR");
    }

    #[tokio::test]
    async fn an_answer_is_finished_when_nobody_waits_for_it_any_more() {
        let (go, gone) = oneshot::channel::<()>();
        let (tell, told) = oneshot::channel();
        let mut answer = Detachable::new(async move {
            gone.await.unwrap();
            tell.send("finished").unwrap();
            Rest::failed()
        });
        assert!(futures_util::poll!(&mut answer).is_pending());
        drop(answer);
        go.send(()).unwrap();
        assert_eq!(told.await, Ok("finished"));
    }

    #[tokio::test]
    async fn an_answer_that_was_given_is_not_given_again() {
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let answer = Detachable::new(async move {
            tell.send(()).unwrap();
            Rest::failed()
        });
        drop(answer.await);
        assert_eq!((told.recv().await, told.recv().await), (Some(()), None));
    }
}
