//! What scenes measure.

use serde::Serialize;

/// A store with its setting for durability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum StoreUsed {
    #[serde(rename = "SQLite, synchronous=FULL")]
    Sqlite,
    #[serde(rename = "PostgreSQL, fsync=on, synchronous_commit=on")]
    Postgres,
}

impl StoreUsed {
    /// As shown.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite, `synchronous=FULL`",
            Self::Postgres => "PostgreSQL, `fsync=on`, `synchronous_commit=on`",
        }
    }
}

/// Requests in a time, against what they were measured in turn with.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Rate {
    pub(crate) name: String,
    pub(crate) store: StoreUsed,
    pub(crate) connections: usize,
    pub(crate) per_second: f64,
    /// The requests of the limit, or the transactions of pgbench.
    pub(crate) limit_per_second: f64,
    pub(crate) of_limit: f64,
    /// Milliseconds.
    pub(crate) p50: f64,
    /// Milliseconds.
    pub(crate) p99: f64,
    /// Microseconds of processors that the server used for one request.
    pub(crate) cpu: f64,
    /// The same of the limit.
    pub(crate) limit_cpu: f64,
    /// Bytes of an answer.
    pub(crate) body: usize,
}

/// One number.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) group: &'static str,
    pub(crate) name: String,
    pub(crate) store: StoreUsed,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
}

/// What was to be reached.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Target {
    pub(crate) what: String,
    pub(crate) wanted: String,
    pub(crate) measured: String,
    pub(crate) met: bool,
}

impl Target {
    /// A number that must be at least so great.
    pub(crate) fn at_least(what: &str, wanted: f64, unit: &str, measured: f64) -> Self {
        Self {
            what: what.to_owned(),
            wanted: format!("at least {wanted}{unit}"),
            measured: format!("{}{unit}", number(measured)),
            met: measured >= wanted,
        }
    }

    /// A number that must be at most so great.
    pub(crate) fn at_most(what: &str, wanted: f64, unit: &str, measured: f64) -> Self {
        Self {
            what: what.to_owned(),
            wanted: format!("at most {wanted}{unit}"),
            measured: format!("{}{unit}", number(measured)),
            met: measured <= wanted,
        }
    }
}

/// Three digits that matter.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        small if small < 10.0 => format!("{value:.2}"),
        middle if middle < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
