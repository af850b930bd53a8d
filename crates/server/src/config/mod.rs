//! Settings: from the defaults, the file `readmark.toml`, the environment (`READMARK_*`) and flags; later sources win.

mod clients;
mod load;
mod oauth;
mod reload;
mod span;
pub(crate) mod uploads;

use std::{
    net::{SocketAddr, ToSocketAddrs},
    path::PathBuf,
};

use readmark_api::wire::Limits;
use serde::{Deserialize, Serialize};

pub use self::{
    load::{ConfigError, Flags},
    span::Span,
};
pub use crate::{clients::network::ProxyHeader, log::LogFormat};

/// The settings file that is read by default.
pub const FILE: &str = "readmark.toml";

/// A template of that file, with every setting explained and commented out.
pub const SAMPLE: &str = include_str!("settings.toml");

/// All settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Config {
    /// Folder of the portals and keys.
    pub data: PathBuf,
    /// `postgres://…`, or empty for SQLite.
    pub database_url: String,
    /// Upper bound of PostgreSQL connections of a portal.
    pub database_connections: usize,
    /// Number of SQLite read connections of a portal.
    pub sqlite_readers: usize,
    /// Memory for what is hot of a portal on SQLite, in bytes; 0 keeps nothing.
    pub hot_memory: usize,
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: String,
    /// The port for clients, if it is not the one listened on.
    pub public_port: Option<u16>,
    /// Whether plain HTTP is served on the same port as TLS.
    pub allow_http: bool,
    /// The user's own certificate chain, PEM.
    pub tls_certificate: Option<PathBuf>,
    /// Its key, PEM.
    pub tls_key: Option<PathBuf>,
    /// Log filter: a level, or directives such as `readmark=debug`.
    pub log: String,
    /// Log format.
    pub log_format: LogFormat,
    /// Maximum number of concurrent connections.
    pub max_connections: usize,
    /// Maximum number of connections of one address without credentials.
    pub max_connections_per_address: usize,
    /// Maximum number of connections of one user.
    pub max_connections_per_user: usize,
    /// Maximum number of requests in progress of one address whose callers are not known yet.
    pub max_requests_per_address: usize,
    /// Maximum number of requests in progress of one user.
    pub max_requests_per_user: usize,
    /// Addresses and networks of proxies whose word about their clients is taken, separated by commas or blanks.
    pub trusted_proxies: String,
    /// The header in which they say it.
    pub proxy_header: ProxyHeader,
    /// Whether their connections begin with a header of the PROXY protocol.
    pub proxy_protocol: bool,
    /// Maximum length of a request body, in bytes.
    pub max_body: usize,
    /// Maximum nesting depth of parameters.
    pub max_depth: usize,
    /// Maximum number of parameters of a request.
    pub max_parameters: usize,
    /// How long the head of a request may take to arrive.
    pub header_timeout: Span,
    /// How long the body of a request may take to arrive.
    pub body_timeout: Span,
    /// How long a connection may be idle between requests.
    pub idle_timeout: Span,
    /// The same where none was authorised so far.
    pub anonymous_timeout: Span,
    /// How long accepted calls may take at shutdown.
    pub shutdown_timeout: Span,
    /// Sustained requests per second of one address to one portal; 0 for no limit.
    pub rate_limit: f64,
    /// Size of a burst above that.
    pub rate_burst: f64,
    /// Time of one method in ten minutes for one webhook or application; 0 for no limit.
    pub operating_limit: Span,
    /// How long events are kept for polling.
    pub keep_events: Span,
    /// How often delivery of an event is attempted.
    pub delivery_mode: DeliveryMode,
    /// How long a handler may take to answer.
    pub delivery_timeout: Span,
    /// The pause after the first failure; it doubles with each one.
    pub delivery_retry_first: Span,
    /// The maximum pause after a failure.
    pub delivery_retry_longest: Span,
    /// The age at which an event is given up.
    pub delivery_give_up: Span,
    /// Maximum number of concurrent attempts to send events.
    pub delivery_concurrency: usize,
    /// How often an idle portal is polled for deliveries of which nothing woke it.
    pub delivery_poll: Span,
    /// How long attempts, and deliveries that were given up, are kept.
    pub delivery_keep: Span,
    /// Whether events may be sent to private addresses.
    pub delivery_private_addresses: bool,
    /// Trusted certificates of handlers in addition to the system's, PEM.
    pub delivery_ca: Option<PathBuf>,
    /// Whether counters, totals and views are capped as in Bitrix24 (rule R18).
    pub compat_caps: bool,
    /// Where file contents are kept: a folder, `s3://bucket/prefix`, or empty for a folder beside each portal.
    pub files: String,
    /// The S3 endpoint, `https://…`; empty for Amazon's.
    pub files_s3_endpoint: String,
    /// The region of the bucket; empty to use the environment.
    pub files_s3_region: String,
    /// The access key for the bucket; empty to use the environment.
    pub files_s3_key_id: String,
    /// The secret of that key.
    pub files_s3_secret: String,
    /// Maximum size of a message's file, in bytes.
    pub max_file: usize,
    /// Total memory for uploads longer than `max_body`, in bytes.
    pub upload_memory: usize,
    /// How long authors may edit and delete their messages; 0 for no limit.
    pub edit_period: Span,
    /// How long a person stays signed in.
    pub session_lifetime: Span,
    /// Other host names of the authorisation server, separated by commas or blanks.
    pub oauth_aliases: String,
    /// How long an authorisation code may be exchanged.
    pub oauth_code_lifetime: Span,
    /// How long an access token is good.
    pub oauth_access_lifetime: Span,
    /// How long a refresh token is good.
    pub oauth_refresh_lifetime: Span,
    /// How long a refresh token may be used again after its first use.
    pub oauth_refresh_grace: Span,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("readmark-data"),
            database_url: String::new(),
            database_connections: 16,
            sqlite_readers: 4,
            hot_memory: 256 << 20,
            listen: "127.0.0.1:8443".to_owned(),
            public_port: None,
            allow_http: false,
            tls_certificate: None,
            tls_key: None,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            max_connections: 800,
            max_connections_per_address: 200,
            max_connections_per_user: 200,
            max_requests_per_address: 400,
            max_requests_per_user: 200,
            trusted_proxies: String::new(),
            proxy_header: ProxyHeader::default(),
            proxy_protocol: false,
            max_body: 16 << 20,
            max_depth: Limits::DEFAULT.depth,
            max_parameters: Limits::DEFAULT.pairs,
            header_timeout: Span::seconds(15),
            body_timeout: Span::seconds(60),
            idle_timeout: Span::seconds(90),
            anonymous_timeout: Span::seconds(15),
            shutdown_timeout: Span::seconds(20),
            rate_limit: 0.0,
            rate_burst: 250.0,
            operating_limit: Span::seconds(0),
            keep_events: Span::seconds(24 * 60 * 60),
            delivery_mode: DeliveryMode::Retry,
            delivery_timeout: Span::seconds(10),
            delivery_retry_first: Span::seconds(5),
            delivery_retry_longest: Span::seconds(10 * 60),
            delivery_give_up: Span::seconds(24 * 60 * 60),
            delivery_concurrency: 100,
            delivery_poll: Span::seconds(30),
            delivery_keep: Span::seconds(14 * 24 * 60 * 60),
            delivery_private_addresses: false,
            delivery_ca: None,
            compat_caps: false,
            files: String::new(),
            files_s3_endpoint: String::new(),
            files_s3_region: String::new(),
            files_s3_key_id: String::new(),
            files_s3_secret: String::new(),
            max_file: 100 << 20,
            upload_memory: 640 << 20,
            edit_period: Span::seconds(0),
            session_lifetime: Span::seconds(14 * 24 * 60 * 60),
            oauth_aliases: String::new(),
            oauth_code_lifetime: Span::seconds(30),
            oauth_access_lifetime: Span::seconds(60 * 60),
            oauth_refresh_lifetime: Span::seconds(180 * 24 * 60 * 60),
            oauth_refresh_grace: Span::seconds(60),
        }
    }
}

/// How often delivery of an event is attempted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryMode {
    /// Until it is delivered or too old.
    Retry,
    /// Once, as in Bitrix24.
    Once,
}

/// Where file contents are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilesPlace {
    /// In a folder beside each portal, within the data folder.
    BesidePortal,
    /// In a folder of each portal within this one.
    Folder(PathBuf),
    /// In a bucket.
    S3 {
        /// Its name.
        bucket: String,
        /// The prefix of names in it; may be empty.
        prefix: String,
    },
}

impl Config {
    /// The addresses to listen on.
    ///
    /// # Errors
    /// When the setting is not an address with a port.
    pub fn addresses(&self) -> Result<Vec<SocketAddr>, ConfigError> {
        let found = self.listen.to_socket_addrs().map(Vec::from_iter);
        match found {
            Ok(addresses) if !addresses.is_empty() => Ok(addresses),
            _ => Err(ConfigError::of_value(
                "listen",
                format_args!(
                    "{:?} is no address with a port such as 127.0.0.1:8443",
                    self.listen
                ),
            )),
        }
    }

    /// Where file contents are kept.
    ///
    /// # Errors
    /// When the setting is neither a folder nor a bucket.
    pub fn files_place(&self) -> Result<FilesPlace, ConfigError> {
        let wrong = |problem: &str| Err(ConfigError::of_value("files", problem));
        let Some((scheme, rest)) = self.files.split_once("://") else {
            return Ok(if self.files.is_empty() {
                FilesPlace::BesidePortal
            } else {
                FilesPlace::Folder(PathBuf::from(&self.files))
            });
        };
        if scheme != "s3" {
            return wrong("must be a folder, or begin with s3://");
        }
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let plain = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.'
        };
        if !(3..=63).contains(&bucket.len()) || !bucket.bytes().all(plain) {
            return wrong("must name a bucket, as s3://bucket or s3://bucket/prefix");
        }
        Ok(FilesPlace::S3 {
            bucket: bucket.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
        })
    }

    fn check_files(&self) -> Result<(), ConfigError> {
        let wrong = |name: &str, problem: &str| Err(ConfigError::of_value(name, problem));
        let bucket = matches!(self.files_place()?, FilesPlace::S3 { .. });
        let of_bucket = [
            ("files_s3_endpoint", &self.files_s3_endpoint),
            ("files_s3_region", &self.files_s3_region),
            ("files_s3_key_id", &self.files_s3_key_id),
            ("files_s3_secret", &self.files_s3_secret),
        ];
        if let Some((name, _)) = of_bucket.iter().find(|(_, value)| !value.is_empty())
            && !bucket
        {
            return wrong(name, "needs `files` to be a bucket, as s3://bucket");
        }
        let endpoint = &self.files_s3_endpoint;
        let scheme = ["https://", "http://"]
            .iter()
            .any(|scheme| endpoint.len() > scheme.len() && endpoint.starts_with(scheme));
        if !endpoint.is_empty() && !scheme {
            return wrong("files_s3_endpoint", "must begin with https:// or http://");
        }
        if self.files_s3_key_id.is_empty() != self.files_s3_secret.is_empty() {
            return wrong(
                "files_s3_key_id",
                "needs `files_s3_secret`, and the other way round",
            );
        }
        if self.upload_memory < uploads::memory_of_longest(self.max_file) {
            return wrong(
                "upload_memory",
                "must be at least 2.7 times `max_file`, and 3 MB",
            );
        }
        Ok(())
    }

    /// The limits of one request.
    #[must_use]
    pub const fn limits(&self) -> Limits {
        Limits {
            depth: self.max_depth,
            pairs: self.max_parameters,
            ..Limits::DEFAULT
        }
    }

    fn check(&self) -> Result<(), ConfigError> {
        let wrong = |name: &str, problem: &str| Err(ConfigError::of_value(name, problem));
        self.addresses()?;
        let at_least_one = [
            ("database_connections", self.database_connections),
            ("sqlite_readers", self.sqlite_readers),
            ("max_connections", self.max_connections),
            (
                "max_connections_per_address",
                self.max_connections_per_address,
            ),
            ("max_connections_per_user", self.max_connections_per_user),
            ("max_requests_per_address", self.max_requests_per_address),
            ("max_requests_per_user", self.max_requests_per_user),
            ("max_body", self.max_body),
            ("max_file", self.max_file),
            ("max_parameters", self.max_parameters),
            ("delivery_concurrency", self.delivery_concurrency),
        ];
        if let Some((name, _)) = at_least_one.iter().find(|(_, value)| *value == 0) {
            return wrong(name, "must be at least 1");
        }
        let timeouts = [
            ("header_timeout", self.header_timeout),
            ("body_timeout", self.body_timeout),
            ("idle_timeout", self.idle_timeout),
            ("anonymous_timeout", self.anonymous_timeout),
            ("delivery_timeout", self.delivery_timeout),
            ("delivery_retry_first", self.delivery_retry_first),
            ("delivery_retry_longest", self.delivery_retry_longest),
            ("delivery_poll", self.delivery_poll),
        ];
        if let Some((name, _)) = timeouts.iter().find(|(_, value)| value.0.is_zero()) {
            return wrong(name, "must be more than 0");
        }
        self.check_files()?;
        self.check_oauth()?;
        self.proxies()?;
        if !(1..=127).contains(&self.max_depth) {
            return wrong("max_depth", "must be between 1 and 127");
        }
        if !(self.rate_limit >= 0.0 && self.rate_limit.is_finite()) {
            return wrong("rate_limit", "must be 0 or more");
        }
        if !(self.rate_burst >= 1.0 && self.rate_burst.is_finite()) {
            return wrong("rate_burst", "must be at least 1");
        }
        if self.tls_certificate.is_some() != self.tls_key.is_some() {
            return wrong(
                "tls_certificate",
                "needs `tls_key`, and the other way round",
            );
        }
        let scheme = |name: &str| self.database_url.starts_with(name);
        if !self.database_url.is_empty() && !scheme("postgres://") && !scheme("postgresql://") {
            return wrong(
                "database_url",
                "must begin with postgres://, or be empty for SQLite",
            );
        }
        if let Err(error) = crate::log::filter(&self.log) {
            return wrong("log", &error);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
