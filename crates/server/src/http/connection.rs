//! One connection, from first byte to close.

use std::{
    convert::Infallible,
    io,
    net::IpAddr,
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
use readmark_api::call::cancel::CancelFlag;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    runtime::Handle,
    sync::Semaphore,
    time::timeout,
};

use super::{gate::Phase, proxy_protocol, serving::Serving, timeouts::Timeouts};
use crate::clients::{
    Client,
    network::Network,
    pace::{Open, Pace, Paced, Slow},
};
use crate::rest::{Peer, Reply, ReplyBody, Rest, leftover};

/// The first byte of every TLS connection: a handshake record.
const TLS_HANDSHAKE: u8 = 0x16;

/// Requests in progress per connection, those included whose client has gone.
const STREAMS: u32 = 100;

/// The maximum size of a request head: clients put parameters into the query.
const LONGEST_HEAD: u32 = 256 << 10;

/// How long a connection may take to close once asked to.
const FAREWELL: Duration = Duration::from_secs(5);

/// One connection: who is at its other end.
struct Connected {
    shared: Arc<Serving>,
    timeouts: Timeouts,
    address: IpAddr,
    pace: Arc<Pace>,
    /// `None` when there are too many connections: then it is only answered that there are.
    client: Option<Arc<Client>>,
}

/// Serves a connection. If there is no room for it, it only gets the overload error; beyond the slots in `told`, not even that.
pub(super) async fn serve(
    shared: Arc<Serving>,
    told: Arc<Semaphore>,
    mut stream: TcpStream,
    address: IpAddr,
) {
    let timeouts = shared.timeouts();
    let of_proxy = shared.proxies.contains(address);
    let mut said = None;
    if of_proxy && shared.proxy_protocol {
        match timeout(timeouts.header, proxy_protocol::read(&mut stream)).await {
            Ok(Ok(address)) => said = address,
            Ok(Err(error)) => return tracing::warn!(%address, %error, "connection failed"),
            Err(_) => return,
        }
    }
    let pace = Arc::new(Pace::new(false));
    let client = {
        let network = Network::of(said.unwrap_or(address));
        let many = of_proxy && said.is_none();
        shared.clients.admit(network, many, &pace)
    };
    let _permit = match &client {
        Some(_) => None,
        None => match told.try_acquire() {
            Ok(permit) => Some(permit),
            Err(_) => return,
        },
    };
    let connected = Connected {
        timeouts,
        address: said.unwrap_or(address),
        pace,
        client,
        shared: Arc::clone(&shared),
    };
    let opened = tokio::select! {
        opened = connected.open(stream) => opened,
        () = connected.told_to_close() => return,
        () = shared.gate.reached(Phase::Closing) => return,
    };
    match opened {
        Ok(Opened::Tls(stream)) => {
            if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                connected.pace.share();
            }
            connected.drive(*stream, true).await;
        }
        Ok(Opened::Plain(stream)) => connected.drive(stream, false).await,
        Err(error) => tracing::debug!(address = %connected.address, %error, "connection failed"),
    }
}

enum Opened {
    Tls(Box<tokio_rustls::server::TlsStream<TcpStream>>),
    Plain(TcpStream),
}

impl Connected {
    /// Performs the TLS handshake, unless the client speaks plain HTTP.
    async fn open(&self, stream: TcpStream) -> io::Result<Opened> {
        stream.set_nodelay(true)?;
        let mut first = [0_u8; 1];
        let opening = async {
            if stream.peek(&mut first).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if first[0] == TLS_HANDSHAKE {
                let stream = self.shared.tls.accept(stream).await?;
                Ok(Opened::Tls(Box::new(stream)))
            } else {
                Ok(Opened::Plain(stream))
            }
        };
        timeout(self.timeouts.header, opening)
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Waits until the connection is to be closed to make room for others.
    async fn told_to_close(&self) {
        match &self.client {
            Some(client) => client.told_to_close().await,
            None => std::future::pending().await,
        }
    }

    /// How long it may wait for its next request.
    fn idle_patience(&self) -> Duration {
        match &self.client {
            Some(client) if client.is_known() => self.timeouts.idle,
            _ => self.timeouts.anonymous.min(self.timeouts.idle),
        }
    }

    async fn drive<S>(&self, stream: S, secure: bool)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let pace = &self.pace;
        let stream = Paced {
            stream,
            pace: Arc::clone(pace),
        };
        let service = {
            let (shared, pace, client) = (
                Arc::clone(&self.shared),
                Arc::clone(pace),
                self.client.clone(),
            );
            let address = self.address;
            service_fn(move |request: Request<Incoming>| {
                let shared = Arc::clone(&shared);
                let peer = client.clone().map(|client| Peer {
                    address: shared.proxies.client(address, request.headers()),
                    secure,
                    client,
                    cancel: CancelFlag::default(),
                });
                answer(shared, pace.open(), peer, request)
            })
        };
        let builder = builder();
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        let mut ending: Option<Instant> = None;
        let tick = self.timeouts.tick();
        loop {
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(address = %self.address, error, "connection broken");
                    }
                    return;
                }
                () = self.shared.gate.reached(Phase::Closing), if ending.is_none() => {
                    ending = Some(Instant::now());
                    connection.as_mut().graceful_shutdown();
                }
                () = self.told_to_close() => {
                    if pace.quiet_since().is_some() {
                        return;
                    }
                    // It has begun to work again: what was begun is answered.
                    ending = ending.or_else(|| Some(Instant::now()));
                    connection.as_mut().graceful_shutdown();
                }
                () = tokio::time::sleep(tick) => {
                    let slow = pace.slow(self.timeouts.header, self.idle_patience());
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
    shared: Arc<Serving>,
    open: Open,
    peer: Option<Peer>,
    request: Request<Incoming>,
) -> Result<Response<ReplyBody>, Infallible> {
    let version = request.version();
    let admitted = peer.and_then(|peer| {
        let begun = peer.client.begin(STREAMS as usize)?;
        let admission = shared.gate.enter()?;
        Some((peer, begun, admission))
    });
    let Some((peer, begun, admission)) = admitted else {
        let reply = Rest::overloaded();
        leftover::discard(request.into_body()).await;
        return Ok(reply.into_response(version));
    };
    let (site, cancel) = (Arc::clone(&shared.site), peer.cancel.clone());
    // What was begun is finished, and counts as in progress until then, even if the client disconnects.
    let reply = Detachable::new(cancel, async move {
        let reply = site.answer(peer, request).await;
        drop((admission, begun));
        reply
    });
    // A streamed body is sent after this request counts as answered; while chunks are being sent, the connection is not idle.
    let moved = open.progress();
    Ok(reply.await.telling(moved).into_response(version))
}

/// Answers a request independently of the connection: a panic ends only this answer, and if the connection ends first, it is
/// cancelled and what was begun of it is finished in a task of its own. Only then, because a task per request costs an allocation,
/// copies and a wake-up.
struct Detachable<F: Future<Output = Reply> + Send + 'static> {
    answer: Option<Pin<Box<CatchUnwind<AssertUnwindSafe<F>>>>>,
    cancel: CancelFlag,
}

impl<F: Future<Output = Reply> + Send + 'static> Detachable<F> {
    fn new(cancel: CancelFlag, answer: F) -> Self {
        // The future's state is not used after a panic.
        let answer = Some(Box::pin(AssertUnwindSafe(answer).catch_unwind()));
        Self { answer, cancel }
    }
}

impl<F: Future<Output = Reply> + Send + 'static> Future for Detachable<F> {
    type Output = Reply;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Reply> {
        let Some(answer) = &mut self.answer else {
            return Poll::Ready(Rest::failed());
        };
        let caught = ready!(answer.as_mut().poll(cx));
        self.answer = None;
        Poll::Ready(caught.unwrap_or_else(|_| {
            tracing::error!("answering a request panicked");
            Rest::failed()
        }))
    }
}

impl<F: Future<Output = Reply> + Send + 'static> Drop for Detachable<F> {
    fn drop(&mut self) {
        let Some(answer) = self.answer.take() else {
            return;
        };
        self.cancel.cancel();
        if let Ok(runtime) = Handle::try_current() {
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
        let reply = Detachable::new(CancelFlag::default(), async {
            panic!("of no concern to the client")
        })
        .await;
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
    async fn an_answer_is_cancelled_and_finished_when_nobody_waits_for_it_any_more() {
        let (go, gone) = oneshot::channel::<()>();
        let (tell, told) = oneshot::channel();
        let cancel = CancelFlag::default();
        let mut answer = Detachable::new(cancel.clone(), async move {
            gone.await.unwrap();
            tell.send("finished").unwrap();
            Rest::failed()
        });
        assert!(futures_util::poll!(&mut answer).is_pending());
        assert!(!cancel.is_cancelled());
        drop(answer);
        assert!(cancel.is_cancelled());
        go.send(()).unwrap();
        assert_eq!(told.await, Ok("finished"));
    }

    #[tokio::test]
    async fn an_answer_that_was_given_is_not_given_again() {
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let answer = Detachable::new(CancelFlag::default(), async move {
            tell.send(()).unwrap();
            Rest::failed()
        });
        drop(answer.await);
        assert_eq!((told.recv().await, told.recv().await), (Some(()), None));
    }
}
