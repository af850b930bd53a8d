//! Settings: from the defaults, the file `readmark.toml`, the environment (`READMARK_*`) and flags; the later ones win.

use std::{
    collections::BTreeSet,
    fmt,
    net::{SocketAddr, ToSocketAddrs},
    path::{Path, PathBuf},
    time::Duration,
};

use figment::{
    Figment, Provider,
    providers::{Format, Serialized, Toml},
    value::{Dict, Value},
};
use readmark_api::wire::Limits;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The file of settings that is read when no other is named.
pub const FILE: &str = "readmark.toml";

/// What the names of settings in the environment begin with.
const PREFIX: &str = "READMARK_";

/// Names in the environment that are no settings of the server: of single commands, and of the project's own tests.
const NO_SETTINGS: [&str; 4] = ["config", "portal", "demo", "limited_webhook"];

/// All settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Config {
    /// Folder of the portals and keys.
    pub data: PathBuf,
    /// `postgres://…`, or empty for SQLite.
    pub database_url: String,
    /// Upper bound of PostgreSQL connections of a portal.
    pub database_connections: usize,
    /// Number of SQLite connections of a portal that read.
    pub sqlite_readers: usize,
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: String,
    /// The port that clients use, where it is not the one listened on.
    pub public_port: Option<u16>,
    /// Whether plain HTTP is served beside TLS, on the same port.
    pub allow_http: bool,
    /// The user's own certificate chain, PEM.
    pub tls_certificate: Option<PathBuf>,
    /// Its key, PEM.
    pub tls_key: Option<PathBuf>,
    /// What is logged: a level, or directives as `readmark=debug`.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// Connections that are served at once.
    pub max_connections: usize,
    /// The longest body of a request, in bytes.
    pub max_body: usize,
    /// The deepest nesting of parameters.
    pub max_depth: usize,
    /// The most parameters of a request.
    pub max_parameters: usize,
    /// How long the head of a request may take to arrive.
    pub header_timeout: Span,
    /// How long the body of a request may take to arrive.
    pub body_timeout: Span,
    /// How long a connection may be idle between requests.
    pub idle_timeout: Span,
    /// How long calls that were accepted may take when the server is told to stop.
    pub shutdown_timeout: Span,
    /// Requests a second that one address may make of one portal for long; 0 for no limit.
    pub rate_limit: f64,
    /// Requests that it may make at once above that.
    pub rate_burst: f64,
    /// Time of one method in ten minutes for one webhook or application; 0 for no limit.
    pub operating_limit: Span,
    /// For how long events are kept.
    pub keep_events: Span,
    /// Whether counters, totals and views are capped as in Bitrix24 (rule R18).
    pub compat_caps: bool,
    /// For how long authors may change and delete their messages; 0 for ever.
    pub edit_period: Span,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("readmark-data"),
            database_url: String::new(),
            database_connections: 16,
            sqlite_readers: 4,
            listen: "127.0.0.1:8443".to_owned(),
            public_port: None,
            allow_http: false,
            tls_certificate: None,
            tls_key: None,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            max_connections: 800,
            max_body: 16 << 20,
            max_depth: Limits::DEFAULT.depth,
            max_parameters: Limits::DEFAULT.pairs,
            header_timeout: Span::seconds(15),
            body_timeout: Span::seconds(60),
            idle_timeout: Span::seconds(90),
            shutdown_timeout: Span::seconds(20),
            rate_limit: 0.0,
            rate_burst: 250.0,
            operating_limit: Span::seconds(0),
            keep_events: Span::seconds(24 * 60 * 60),
            compat_caps: false,
            edit_period: Span::seconds(0),
        }
    }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// A length of time: `90s`, `10m`, `24h`, `1d`, or a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

impl Span {
    /// So many seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// `None` for 0, which stands for "off" or "for ever".
    #[must_use]
    pub fn unless_zero(self) -> Option<Duration> {
        (!self.0.is_zero()).then_some(self.0)
    }
}

impl std::str::FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no length of time such as 30s, 10m or 24h");
        if let Ok(seconds) = text.parse() {
            return Ok(Self::seconds(seconds));
        }
        let span: jiff::Span = text.parse().map_err(|_| wrong())?;
        let length = span
            .to_duration(jiff::SpanRelativeTo::days_are_24_hours())
            .map_err(|_| wrong())?;
        Duration::try_from(length).map(Self).map_err(|_| wrong())
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.0.as_secs_f64())
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Given {
            Seconds(u64),
            Text(String),
        }
        match Given::deserialize(deserializer) {
            Ok(Given::Seconds(seconds)) => Ok(Self::seconds(seconds)),
            Ok(Given::Text(text)) => text.parse().map_err(de::Error::custom),
            Err(_) => Err(de::Error::custom(
                "expected a length of time such as 30s, 10m or 24h",
            )),
        }
    }
}

/// Why the settings cannot be used, in one line.
#[derive(Debug)]
pub struct ConfigError(String);

impl ConfigError {
    fn of_setting(name: &str, place: &str, problem: impl fmt::Display) -> Self {
        Self(format!("setting `{name}` ({place}): {problem}"))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// What the command line says about settings.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// The file to be read instead of `readmark.toml`; it must exist.
    pub file: Option<PathBuf>,
    /// Settings by name, as text.
    pub settings: Vec<(String, String)>,
}

/// One place that settings come from.
struct Layer {
    place: String,
    values: Dict,
}

impl Config {
    /// Reads all settings.
    ///
    /// # Errors
    /// Names the first setting that is unknown or wrong, and where it stands.
    pub fn load(flags: &Flags) -> Result<Self, ConfigError> {
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            let value = value.into_string().ok()?;
            Some((name, value))
        });
        Self::from_sources(flags, environment)
    }

    fn from_sources(
        flags: &Flags,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let defaults = defaults()?;
        let known: BTreeSet<_> = defaults.keys().cloned().collect();
        let layers = [
            file_layer(flags.file.as_deref())?,
            Some(environment_layer(environment, &defaults)),
            Some(Layer {
                place: "command line".to_owned(),
                values: texts(flags.settings.iter().cloned(), &defaults),
            }),
        ];
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        for layer in layers.into_iter().flatten() {
            if let Some(name) = layer.values.keys().find(|name| !known.contains(*name)) {
                return Err(ConfigError::of_setting(
                    name,
                    &layer.place,
                    format_args!("there is no such setting{}", suggestion(name, &known)),
                ));
            }
            figment = figment.merge(Serialized::defaults(&layer.values));
            // Each layer is read by itself, so that a wrong value is blamed on its place.
            figment
                .extract::<Self>()
                .map_err(|error| blame(&error, &layer.place))?;
        }
        let config: Self = figment
            .extract()
            .map_err(|error| blame(&error, "defaults"))?;
        config.check()?;
        Ok(config)
    }

    /// The addresses to listen on.
    ///
    /// # Errors
    /// When the setting is no address with a port.
    pub fn addresses(&self) -> Result<Vec<SocketAddr>, ConfigError> {
        let found = self.listen.to_socket_addrs().map(Vec::from_iter);
        match found {
            Ok(addresses) if !addresses.is_empty() => Ok(addresses),
            _ => Err(ConfigError(format!(
                "setting `listen`: {:?} is no address with a port such as 127.0.0.1:8443",
                self.listen
            ))),
        }
    }

    /// What one request may hold.
    #[must_use]
    pub const fn limits(&self) -> Limits {
        Limits {
            depth: self.max_depth,
            pairs: self.max_parameters,
            ..Limits::DEFAULT
        }
    }

    fn check(&self) -> Result<(), ConfigError> {
        let wrong =
            |name: &str, problem: &str| Err(ConfigError(format!("setting `{name}`: {problem}")));
        self.addresses()?;
        let at_least_one = [
            ("database_connections", self.database_connections),
            ("sqlite_readers", self.sqlite_readers),
            ("max_connections", self.max_connections),
            ("max_body", self.max_body),
            ("max_parameters", self.max_parameters),
        ];
        if let Some((name, _)) = at_least_one.iter().find(|(_, value)| *value == 0) {
            return wrong(name, "must be at least 1");
        }
        let timeouts = [
            ("header_timeout", self.header_timeout),
            ("body_timeout", self.body_timeout),
            ("idle_timeout", self.idle_timeout),
        ];
        if let Some((name, _)) = timeouts.iter().find(|(_, value)| value.0.is_zero()) {
            return wrong(name, "must be more than 0");
        }
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

/// Every setting with its default.
fn defaults() -> Result<Dict, ConfigError> {
    let defaults = Serialized::defaults(Config::default()).data();
    let defaults = defaults.map_err(|error| blame(&error, "defaults"))?;
    Ok(defaults.into_values().flatten().collect())
}

fn file_layer(named: Option<&Path>) -> Result<Option<Layer>, ConfigError> {
    let path = named.unwrap_or(Path::new(FILE));
    let place = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
            return Ok(None);
        }
        Err(error) => return Err(ConfigError(format!("{place} cannot be read: {error}"))),
    };
    let values = Toml::string(&text).data().map_err(|error| {
        let problem = error.to_string();
        let problem = problem.split_whitespace().collect::<Vec<_>>().join(" ");
        ConfigError(format!("{place} is no TOML: {problem}"))
    })?;
    let values = values.into_values().flatten().collect();
    Ok(Some(Layer { place, values }))
}

fn environment_layer(
    environment: impl IntoIterator<Item = (String, String)>,
    defaults: &Dict,
) -> Layer {
    let settings = environment.into_iter().filter_map(|(name, value)| {
        let name = name.strip_prefix(PREFIX)?.to_ascii_lowercase();
        let ignored = NO_SETTINGS.contains(&name.as_str()) || name.starts_with("test_");
        (!ignored).then_some((name, value))
    });
    Layer {
        place: "environment".to_owned(),
        values: texts(settings, defaults),
    }
}

/// Values that are given as text: numbers and booleans where the default is no text.
fn texts(settings: impl Iterator<Item = (String, String)>, defaults: &Dict) -> Dict {
    let value = |name: &str, text: String| {
        if matches!(defaults.get(name), Some(Value::String(..))) {
            return Value::from(text);
        }
        let whole = text.parse().map(|number: u64| Value::from(number));
        let number = whole.or_else(|_| text.parse().map(|number: f64| Value::from(number)));
        let boolean = number.or_else(|_| text.parse().map(|boolean: bool| Value::from(boolean)));
        boolean.unwrap_or_else(|_| Value::from(text))
    };
    settings
        .map(|(name, text)| (name.clone(), value(&name, text)))
        .collect()
}

/// The error of a setting with its name and place, in one line.
fn blame(error: &figment::Error, place: &str) -> ConfigError {
    let problem = error.kind.to_string();
    match error.path.last() {
        Some(name) => ConfigError::of_setting(name, place, problem),
        None => ConfigError(format!("{place}: {problem}")),
    }
}

/// A setting with nearly this name, if there is one.
fn suggestion(name: &str, known: &BTreeSet<String>) -> String {
    let letters = |name: &str| name.replace(['_', '-', '.'], "").to_ascii_lowercase();
    let wanted = letters(name);
    let similar = known.iter().find(|other| {
        let other = letters(other);
        other == wanted || other.contains(&wanted) || wanted.contains(&other)
    });
    similar.map_or_else(String::new, |other| format!("; did you mean `{other}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(
        file: &str,
        environment: &[(&str, &str)],
        flags: &[(&str, &str)],
    ) -> Result<Config, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("settings.toml");
        std::fs::write(&path, file).unwrap();
        let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        let flags = Flags {
            file: Some(path.clone()),
            settings: own(flags),
        };
        Config::from_sources(&flags, own(environment)).map_err(|error| {
            error
                .to_string()
                .replace(&path.display().to_string(), "FILE")
        })
    }

    #[test]
    fn later_places_win() {
        let file = "listen = \"127.0.0.1:1\"\nmax_connections = 1\nmax_depth = 8";
        let environment = [
            ("READMARK_LISTEN", "127.0.0.1:2"),
            ("READMARK_MAX_CONNECTIONS", "2"),
            ("HOME", "/"),
        ];
        let config = load(file, &environment, &[("listen", "127.0.0.1:3")]).unwrap();
        assert_eq!(
            (
                config.listen.as_str(),
                config.max_connections,
                config.max_depth
            ),
            ("127.0.0.1:3", 2, 8)
        );
        assert_eq!(config.max_body, Config::default().max_body);
    }

    #[test]
    fn values_from_the_environment_have_the_types_of_their_settings() {
        let environment = [
            ("READMARK_DATA", "2024"),
            ("READMARK_ALLOW_HTTP", "true"),
            ("READMARK_IDLE_TIMEOUT", "5"),
            ("READMARK_PUBLIC_PORT", "443"),
            ("READMARK_RATE_LIMIT", "2.5"),
            ("READMARK_LOG_FORMAT", "json"),
        ];
        let config = load("", &environment, &[]).unwrap();
        assert_eq!(config.data, Path::new("2024"));
        assert!(config.allow_http);
        assert_eq!(config.idle_timeout, Span::seconds(5));
        assert_eq!(config.public_port, Some(443));
        assert_eq!(config.rate_limit.to_bits(), 2.5_f64.to_bits());
        assert_eq!(config.log_format, LogFormat::Json);
    }

    #[test]
    fn a_wrong_setting_is_named_in_one_line() {
        type Pairs<'a> = &'a [(&'a str, &'a str)];
        let cases: &[(&str, Pairs<'_>, Pairs<'_>, &str)] = &[
            (
                "max_bodies = 1",
                &[],
                &[],
                "setting `max_bodies` (FILE): there is no such setting",
            ),
            (
                "",
                &[("READMARK_LISTN", "x")],
                &[],
                "setting `listn` (environment): there is no such setting",
            ),
            (
                "",
                &[("READMARK_ALLOWHTTP", "true")],
                &[],
                "did you mean `allow_http`?",
            ),
            (
                "",
                &[],
                &[("max_connections", "many")],
                "setting `max_connections` (command line): ",
            ),
            (
                "max_body = \"big\"",
                &[],
                &[],
                "setting `max_body` (FILE): ",
            ),
            (
                "idle_timeout = \"soon\"",
                &[],
                &[],
                "setting `idle_timeout` (FILE): \"soon\" is no length of time",
            ),
            (
                "idle_timeout = []",
                &[],
                &[],
                "setting `idle_timeout` (FILE): expected a length of time",
            ),
            (
                "idle_timeout = 0",
                &[],
                &[],
                "setting `idle_timeout`: must be more than 0",
            ),
            (
                "listen = \"nowhere\"",
                &[],
                &[],
                "setting `listen`: \"nowhere\" is no address",
            ),
            ("listen = ", &[], &[], "FILE is no TOML: "),
            (
                "max_depth = 128",
                &[],
                &[],
                "setting `max_depth`: must be between",
            ),
            (
                "log_format = \"xml\"",
                &[],
                &[],
                "setting `log_format` (FILE): ",
            ),
            ("log = \"readmark=loud\"", &[], &[], "setting `log`: "),
            (
                "tls_key = \"key.pem\"",
                &[],
                &[],
                "setting `tls_certificate`: needs `tls_key`",
            ),
            (
                "database_url = \"mysql://x\"",
                &[],
                &[],
                "setting `database_url`: must begin with postgres://",
            ),
            (
                "rate_limit = -1.0",
                &[],
                &[],
                "setting `rate_limit`: must be 0 or more",
            ),
        ];
        for (file, environment, flags, expected) in cases {
            let error = load(file, environment, flags).unwrap_err();
            assert!(error.contains(expected), "{error}");
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }

    #[test]
    fn a_named_file_must_exist() {
        let flags = Flags {
            file: Some(PathBuf::from("/nowhere/readmark.toml")),
            settings: Vec::new(),
        };
        let error = Config::from_sources(&flags, []).unwrap_err().to_string();
        assert!(
            error.starts_with("/nowhere/readmark.toml cannot be read"),
            "{error}"
        );
    }

    #[test]
    fn lengths_of_time_are_written_in_many_ways() {
        for (text, seconds) in [
            ("90", 90),
            ("90s", 90),
            ("1m 30s", 90),
            ("24h", 86_400),
            ("1d", 86_400),
            ("0", 0),
        ] {
            assert_eq!(
                text.parse::<Span>().unwrap(),
                Span::seconds(seconds),
                "{text}"
            );
        }
        for text in ["", "-5s", "soon", "1y"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }
}
