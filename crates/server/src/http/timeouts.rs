//! How long connections may be silent.

use std::time::Duration;

/// How long clients are waited for.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For the head of a request, once it has begun, and for the TLS handshake.
    pub header: Duration,
    /// For the next request.
    pub idle: Duration,
    /// For requests that were accepted when the server is told to stop.
    pub shutdown: Duration,
}

impl Timeouts {
    /// How often connections are looked at.
    pub(super) fn tick(&self) -> Duration {
        let shortest = self.header.min(self.idle) / 4;
        shortest.clamp(Duration::from_millis(10), Duration::from_secs(1))
    }
}
