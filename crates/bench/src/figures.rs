//! What scenes measure.

use serde::Serialize;

/// A store and its durability setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum StoreUsed {
    #[serde(rename = "SQLite, synchronous=FULL")]
    Sqlite,
    #[serde(rename = "PostgreSQL, fsync=on, synchronous_commit=on")]
    Postgres,
}

impl StoreUsed {
    /// The displayed name.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite, `synchronous=FULL`",
            Self::Postgres => "PostgreSQL, `fsync=on`, `synchronous_commit=on`",
        }
    }
}

/// The throughput of a workload, compared with what it alternated with.
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
    /// CPU microseconds that the server used per request.
    pub(crate) cpu: f64,
    /// The same for the limit.
    pub(crate) limit_cpu: f64,
    /// Bytes of a response.
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

/// A target.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Target {
    pub(crate) what: String,
    pub(crate) wanted: String,
    pub(crate) measured: String,
    pub(crate) met: bool,
}

impl Target {
    /// A number with a lower bound.
    pub(crate) fn at_least(what: &str, wanted: f64, unit: &str, measured: f64) -> Self {
        Self {
            what: what.to_owned(),
            wanted: format!("at least {wanted}{unit}"),
            measured: format!("{}{unit}", number(measured)),
            met: measured >= wanted,
        }
    }

    /// A number with an upper bound.
    pub(crate) fn at_most(what: &str, wanted: f64, unit: &str, measured: f64) -> Self {
        Self {
            what: what.to_owned(),
            wanted: format!("at most {wanted}{unit}"),
            measured: format!("{}{unit}", number(measured)),
            met: measured <= wanted,
        }
    }
}

/// Three significant digits.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        small if small < 10.0 => format!("{value:.2}"),
        middle if middle < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
