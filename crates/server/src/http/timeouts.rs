//! How long connections may be silent.

use std::time::Duration;

/// How long the server waits for clients.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For the head of a request, once begun, and for the TLS handshake.
    pub header: Duration,
    /// For the next request.
    pub idle: Duration,
    /// For the next request, where none was authorised so far.
    pub anonymous: Duration,
    /// For accepted requests, at shutdown.
    pub shutdown: Duration,
}

impl Timeouts {
    /// How often connections are checked.
    pub(super) fn tick(&self) -> Duration {
        let shortest = self.header.min(self.idle).min(self.anonymous) / 4;
        shortest.clamp(Duration::from_millis(10), Duration::from_secs(1))
    }
}
