//! The limit: the same HTTP library with the same configuration, and the same parameter parser, returning a fixed body of a
//! given size without a store. The cost of readmark's own requests is compared with it.
//!
//! It runs in a separate process, as the program does. A `GET` sets the size: `GET /1234`.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, Response, StatusCode,
    body::Incoming,
    header::{self, HeaderValue},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use readmark::config::Config;
use readmark_api::wire::{self, Limits};
use tokio::net::{TcpListener, TcpStream};

/// The longest body.
const LONGEST: usize = 1 << 20;

/// Serves until the process is stopped.
pub(crate) fn serve(listen: SocketAddr) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let socket = TcpListener::bind(listen)
            .await
            .with_context(|| format!("cannot listen on {listen}"))?;
        let fixed = Arc::new(Fixed {
            size: AtomicUsize::new(0),
            limits: Config::default().limits(),
        });
        loop {
            let (stream, _) = socket.accept().await?;
            tokio::spawn(serve_connection(stream, Arc::clone(&fixed)));
        }
    })
}

struct Fixed {
    size: AtomicUsize,
    limits: Limits,
}

async fn serve_connection(stream: TcpStream, fixed: Arc<Fixed>) {
    let service = service_fn(move |request| answer(Arc::clone(&fixed), request));
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(None);
    // A client that disconnects ends only its own connection.
    if stream.set_nodelay(true).is_ok() {
        drop(
            builder
                .serve_connection(TokioIo::new(stream), service)
                .await,
        );
    }
}

async fn answer(
    fixed: Arc<Fixed>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    if parts.method == Method::GET {
        let size = parts.uri.path().trim_start_matches('/').parse();
        fixed.size.store(size.unwrap_or(0), Ordering::Relaxed);
    }
    let read = body.collect().await.map(|body| body.to_bytes());
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let query = parts.uri.query().unwrap_or_default();
    let decoded = read
        .ok()
        .and_then(|body| wire::decode_request(query, content_type, &body, &fixed.limits).ok());
    // The result must be used, or the compiler might optimise the parser away.
    let status = match decoded {
        Some(_) => StatusCode::OK,
        None => StatusCode::BAD_REQUEST,
    };
    Ok(response(status, fixed.size.load(Ordering::Relaxed)))
}

fn response(status: StatusCode, size: usize) -> Response<Full<Bytes>> {
    // Without a copy: the limit must be unbeatable.
    static SPACES: [u8; LONGEST] = [b' '; LONGEST];
    let body = Bytes::from_static(&SPACES[..size.min(LONGEST)]);
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
