//! Settings about clients: how many, and behind which proxies.

use super::{Config, ConfigError};
use crate::clients::{ConnectionLimits, RequestLimits, network::TrustedProxies};

impl Config {
    /// The limits of connections.
    #[must_use]
    pub const fn connection_limits(&self) -> ConnectionLimits {
        ConnectionLimits {
            total: self.max_connections,
            per_network: self.max_connections_per_address,
            per_user: self.max_connections_per_user,
        }
    }

    /// The limits of requests in progress.
    #[must_use]
    pub const fn request_limits(&self) -> RequestLimits {
        RequestLimits {
            per_network: self.max_requests_per_address,
            per_user: self.max_requests_per_user,
        }
    }

    /// The proxies whose word about their clients is taken.
    ///
    /// # Errors
    /// When one is no address or network, or none is named where the PROXY protocol is switched on.
    pub fn proxies(&self) -> Result<TrustedProxies, ConfigError> {
        let proxies: Vec<String> = self
            .trusted_proxies
            .split([',', ' '])
            .filter(|proxy| !proxy.is_empty())
            .map(str::to_owned)
            .collect();
        if self.proxy_protocol && proxies.is_empty() {
            return Err(ConfigError::of_value(
                "proxy_protocol",
                "needs the proxies in `trusted_proxies`",
            ));
        }
        TrustedProxies::parse(&proxies, self.proxy_header).map_err(|wrong| {
            ConfigError::of_value(
                "trusted_proxies",
                format_args!("{wrong:?} is no address or network such as 10.0.0.0/8"),
            )
        })
    }
}
