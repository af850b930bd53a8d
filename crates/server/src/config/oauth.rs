//! Settings about OAuth 2.0.

use readmark_app::oauth::Lifetimes;

use super::{Config, ConfigError, Span};

impl Config {
    /// How long codes and tokens are good.
    #[must_use]
    pub fn token_lifetimes(&self) -> Lifetimes {
        let milliseconds = |span: Span| i64::try_from(span.0.as_millis()).unwrap_or(i64::MAX);
        Lifetimes {
            code: milliseconds(self.oauth_code_lifetime),
            access: milliseconds(self.oauth_access_lifetime),
            refresh: milliseconds(self.oauth_refresh_lifetime),
            grace: milliseconds(self.oauth_refresh_grace),
        }
    }

    /// The other host names of the authorisation server, in lower case.
    ///
    /// # Errors
    /// When one is no host name.
    pub fn oauth_hosts(&self) -> Result<Vec<String>, ConfigError> {
        let names = self.oauth_aliases.split([',', ' ']);
        let names = names.filter(|name| !name.is_empty());
        names
            .map(|name| {
                if is_host_name(name) {
                    Ok(name.to_ascii_lowercase())
                } else {
                    Err(ConfigError::of_value(
                        "oauth_aliases",
                        format_args!("{name:?} is no host name such as oauth.example.org"),
                    ))
                }
            })
            .collect()
    }

    pub(super) fn check_oauth(&self) -> Result<(), ConfigError> {
        self.oauth_hosts()?;
        let lifetimes = [
            ("session_lifetime", self.session_lifetime),
            ("oauth_code_lifetime", self.oauth_code_lifetime),
            ("oauth_access_lifetime", self.oauth_access_lifetime),
            ("oauth_refresh_lifetime", self.oauth_refresh_lifetime),
        ];
        // Clients are told whole seconds.
        match lifetimes.iter().find(|(_, span)| span.0.as_secs() == 0) {
            Some((name, _)) => Err(ConfigError::of_value(name, "must be at least 1s")),
            None => Ok(()),
        }
    }
}

fn is_host_name(name: &str) -> bool {
    name.len() <= 253
        && name.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_host_names() {
        let config = |aliases: &str| Config {
            oauth_aliases: aliases.to_owned(),
            ..Config::default()
        };
        let hosts = config("oauth.example.org, OAuth2.example").oauth_hosts();
        assert_eq!(hosts.unwrap(), ["oauth.example.org", "oauth2.example"]);
        assert!(config("").oauth_hosts().unwrap().is_empty());
        for wrong in [
            "https://oauth.example",
            "oauth.example:443",
            "a..b",
            "*.example",
        ] {
            let error = config(wrong).check_oauth().unwrap_err().to_string();
            assert!(error.contains("oauth_aliases"), "{error}");
        }
        let short = Config {
            oauth_access_lifetime: Span::seconds(0),
            ..Config::default()
        };
        let error = short.check_oauth().unwrap_err().to_string();
        assert!(error.contains("oauth_access_lifetime"), "{error}");
    }
}
