//! What all connections share.

use std::sync::{Arc, PoisonError, RwLock};

use tokio_rustls::TlsAcceptor;

use super::{gate::Gate, timeouts::Timeouts};
use crate::{
    clients::{Clients, network::TrustedProxies},
    site::Site,
};

/// What connections are served with.
pub struct Serving {
    /// Answers requests.
    pub site: Arc<Site>,
    /// Which requests are accepted.
    pub gate: Arc<Gate>,
    /// Who is connected.
    pub clients: Arc<Clients>,
    /// Does the handshakes.
    pub tls: TlsAcceptor,
    /// How long clients may be silent; may change for later connections.
    pub timeouts: Arc<RwLock<Timeouts>>,
    /// Who speaks for others.
    pub proxies: TrustedProxies,
    /// Whether connections of these proxies begin with a header of the PROXY protocol.
    pub proxy_protocol: bool,
}

impl Serving {
    /// How long the clients of a new connection may be silent.
    pub(super) fn timeouts(&self) -> Timeouts {
        let timeouts = self.timeouts.read();
        *timeouts.unwrap_or_else(PoisonError::into_inner)
    }
}
