//! Which settings a running server takes over, and which need a restart.

use figment::{Provider as _, providers::Serialized, value::Dict};

use super::Config;

/// The settings that take effect when they are read again.
const LIVE: [&str; 13] = [
    "anonymous_timeout",
    "header_timeout",
    "idle_timeout",
    "log",
    "max_connections",
    "max_connections_per_address",
    "max_connections_per_user",
    "max_requests_per_address",
    "max_requests_per_user",
    "operating_limit",
    "rate_burst",
    "rate_limit",
    "shutdown_timeout",
];

impl Config {
    /// The names of the settings that differ in `new` and need a restart.
    #[must_use]
    pub fn changes_that_need_a_restart(&self, new: &Self) -> Vec<String> {
        let values = |config: &Self| -> Dict {
            let values = Serialized::defaults(config).data();
            values
                .into_iter()
                .flatten()
                .flat_map(|(_, dict)| dict)
                .collect()
        };
        let (old, new) = (values(self), values(new));
        new.into_iter()
            .filter(|(name, value)| old.get(name) != Some(value))
            .map(|(name, _)| name)
            .filter(|name| !LIVE.contains(&name.as_str()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Span;

    #[test]
    fn what_a_running_server_cannot_change_is_named() {
        let old = Config::default();
        assert!(old.changes_that_need_a_restart(&old).is_empty());
        let mut new = old.clone();
        new.rate_limit = 5.0;
        new.idle_timeout = Span::seconds(7);
        new.log = "debug".to_owned();
        assert!(old.changes_that_need_a_restart(&new).is_empty());
        new.listen = "127.0.0.1:1".to_owned();
        new.tls_key = Some("key.pem".into());
        new.public_port = Some(443);
        assert_eq!(
            old.changes_that_need_a_restart(&new),
            ["listen", "public_port", "tls_key"]
        );
    }

    #[test]
    fn the_settings_that_are_taken_over_exist() {
        let known = super::super::load::defaults().unwrap();
        assert!(LIVE.iter().all(|name| known.contains_key(*name)));
    }
}
