//! Connections to handlers: resolving, checking, connecting, TLS.

use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
    time::Duration,
};

use hyper::{Uri, rt};
use hyper_util::{
    client::legacy::connect::{Connected, Connection},
    rt::TokioIo,
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;
use tower_service::Service;

use super::guard::Allowed;

/// Time limit for connecting to one of several addresses.
const ONE_ADDRESS: Duration = Duration::from_secs(3);

/// Connects to allowed addresses only. Cheap to clone.
#[derive(Clone)]
pub(super) struct Connector {
    allowed: Allowed,
    tls: Arc<Tls>,
}

/// Trusted certificates. Those of the system are loaded on first use.
struct Tls {
    further: Vec<CertificateDer<'static>>,
    config: OnceLock<Arc<ClientConfig>>,
}

/// Why a connection failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    #[error("the address has no host")]
    NoHost,
    #[error("the host has no address")]
    NoAddress,
    #[error("{0} is a private address, which the settings of the server do not allow")]
    Refused(IpAddr),
    #[error("connecting took too long")]
    TimedOut,
    #[error("the host is not a valid name for TLS")]
    NoTlsName,
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("TLS cannot be used: {0}")]
    Tls(#[from] rustls::Error),
}

impl Connector {
    /// Trusts the system's certificates and additional ones.
    pub(super) fn new(allowed: Allowed, further: Vec<CertificateDer<'static>>) -> Self {
        let config = OnceLock::new();
        Self {
            allowed,
            tls: Arc::new(Tls { further, config }),
        }
    }

    async fn connect(self, uri: Uri) -> Result<Wire, ConnectError> {
        let host = uri.host().ok_or(ConnectError::NoHost)?;
        let host = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        let secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let stream = self.reach(host, port).await?;
        stream.set_nodelay(true)?;
        if !secure {
            return Ok(Wire(TokioIo::new(Box::new(stream))));
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|_| ConnectError::NoTlsName)?;
        let tls = TlsConnector::from(self.tls.config()?);
        let stream = tls.connect(name, stream).await?;
        Ok(Wire(TokioIo::new(Box::new(stream))))
    }

    /// Connects to the first address of a host that answers, and only ever to an address that was checked.
    async fn reach(&self, host: &str, port: u16) -> Result<TcpStream, ConnectError> {
        let found: Vec<SocketAddr> = match host.parse::<IpAddr>() {
            Ok(address) => vec![(address, port).into()],
            Err(_) => lookup_host((host, port)).await?.collect(),
        };
        let mut problem = ConnectError::NoAddress;
        for address in found {
            if !self.allowed.has(address.ip()) {
                problem = ConnectError::Refused(address.ip());
                continue;
            }
            match timeout(ONE_ADDRESS, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => problem = error.into(),
                Err(_) => problem = ConnectError::TimedOut,
            }
        }
        Err(problem)
    }
}

impl Tls {
    fn config(&self) -> Result<Arc<ClientConfig>, ConnectError> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let system = rustls_native_certs::load_native_certs();
        for error in &system.errors {
            tracing::warn!(%error, "system certificates cannot be read");
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(system.certs);
        for certificate in &self.further {
            roots.add(certificate.clone())?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::clone(self.config.get_or_init(|| Arc::new(config))))
    }
}

impl Service<Uri> for Connector {
    type Response = Wire;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Wire, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A connection, with or without TLS.
pub(super) struct Wire(TokioIo<Box<dyn Stream>>);

impl Connection for Wire {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl rt::Read for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl rt::Write for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
