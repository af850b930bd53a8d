//! The log, on standard error.
//!
//! Requests are logged by method and portal, never by path, which holds the secret of a webhook. Messages of other crates
//! below warnings are dropped at every level, as they may quote a request.

use std::{io, panic::PanicHookInfo, sync::OnceLock};

use serde::{Deserialize, Serialize};
use tracing::{Level, Metadata, level_filters::LevelFilter};
use tracing_subscriber::{
    EnvFilter, Layer, Registry, filter::FilterFn, fmt::MakeWriter, layer::SubscriberExt, reload,
    util::SubscriberInitExt,
};

/// The filter of the program's log, once that is started.
static FILTER: OnceLock<reload::Handle<EnvFilter, Registry>> = OnceLock::new();

/// The log format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Human-readable.
    Text,
    /// One JSON object per line.
    Json,
}

/// Parses a filter: a level, or directives such as `readmark=debug`.
///
/// # Errors
/// A message that says what is wrong with it.
pub fn filter(directives: &str) -> Result<EnvFilter, String> {
    EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .parse(directives)
        .map_err(|error| error.to_string())
}

/// Whether a record comes from this program, or is severe enough to be logged from another crate.
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
    reloadable(directives, format, colours, writer).map(|(subscriber, _)| subscriber)
}

/// The same, with a handle on its filter.
fn reloadable<W>(
    directives: &str,
    format: LogFormat,
    colours: bool,
    writer: W,
) -> Result<
    (
        impl tracing::Subscriber + Send + Sync,
        reload::Handle<EnvFilter, Registry>,
    ),
    String,
>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let (filter, handle) = reload::Layer::new(filter(directives)?);
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(colours)
        .with_writer(writer);
    let layer = match format {
        LogFormat::Text => layer.boxed(),
        LogFormat::Json => layer.json().boxed(),
    };
    let layer = layer
        .with_filter(FilterFn::new(is_ours))
        .with_filter(filter);
    Ok((Registry::default().with(layer), handle))
}

/// Starts logging to standard error. Does nothing when logging is already set up.
///
/// # Errors
/// As [`filter`].
pub fn start(directives: &str, format: LogFormat) -> Result<(), String> {
    let colours = io::IsTerminal::is_terminal(&io::stderr());
    let (subscriber, handle) = reloadable(directives, format, colours, io::stderr)?;
    if subscriber.try_init().is_ok() {
        let _ = FILTER.set(handle);
        std::panic::set_hook(Box::new(log_panic));
    }
    Ok(())
}

/// Logs by another filter from now on, if logging was started here.
///
/// # Errors
/// As [`filter`].
pub fn change_filter(directives: &str) -> Result<(), String> {
    let filter = filter(directives)?;
    match FILTER.get() {
        Some(handle) => handle.reload(filter).map_err(|error| error.to_string()),
        None => Ok(()),
    }
}

/// Panics are logged by location only: their message may quote user data.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    let thread = std::thread::current();
    tracing::error!(
        thread = thread.name().unwrap_or("unnamed"),
        place,
        "a thread panicked"
    );
}
