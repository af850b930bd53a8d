//! The log, on standard error.
//!
//! Requests are logged by method and portal, never by path: the path holds the secret of a webhook. What other crates
//! write about their own work is kept out below warnings, whatever level is asked for, as it may quote a request.

use std::{io, panic::PanicHookInfo};

use serde::{Deserialize, Serialize};
use tracing::{Level, Metadata, level_filters::LevelFilter};
use tracing_subscriber::{
    EnvFilter, Layer, Registry, filter::FilterFn, fmt::MakeWriter, layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Reads what is to be logged: a level, or directives as `readmark=debug`.
///
/// # Errors
/// A text that says what is wrong with it.
pub fn filter(directives: &str) -> Result<EnvFilter, String> {
    EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .parse(directives)
        .map_err(|error| error.to_string())
}

/// Whether something comes from this program, or matters enough to be heard from another crate.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("readmark") || *metadata.level() <= Level::WARN
}

/// A subscriber that writes to `writer`.
///
/// # Errors
/// As [`filter`].
pub fn subscriber<W>(
    directives: &str,
    format: LogFormat,
    colours: bool,
    writer: W,
) -> Result<impl tracing::Subscriber + Send + Sync, String>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(colours)
        .with_writer(writer);
    let layer = match format {
        LogFormat::Text => layer.boxed(),
        LogFormat::Json => layer.json().boxed(),
    };
    Ok(Registry::default().with(
        layer
            .with_filter(FilterFn::new(is_ours))
            .with_filter(filter(directives)?),
    ))
}

/// Starts logging to standard error. Does nothing when the process logs already.
///
/// # Errors
/// As [`filter`].
pub fn start(directives: &str, format: LogFormat) -> Result<(), String> {
    let colours = io::IsTerminal::is_terminal(&io::stderr());
    let subscriber = subscriber(directives, format, colours, io::stderr)?;
    if subscriber.try_init().is_ok() {
        std::panic::set_hook(Box::new(log_panic));
    }
    Ok(())
}

/// Panics are logged by their place: their text may quote what was being worked on.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    let thread = std::thread::current();
    tracing::error!(
        thread = thread.name().unwrap_or("unnamed"),
        place,
        "a thread panicked"
    );
}
