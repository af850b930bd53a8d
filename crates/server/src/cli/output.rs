//! Output of commands.

use std::{
    fmt::Display,
    io::{self, Write},
};

use crate::operator::Outcome;

/// Writes a line to standard output.
///
/// # Errors
/// When it is closed.
pub(super) fn line(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Writes a line to standard error, ignoring failures.
pub(super) fn note(text: &str) {
    drop(writeln!(io::stderr().lock(), "{text}"));
}

/// Whether the error is a broken pipe on standard output, as in `readmark user list | head`.
pub(super) fn is_closed(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref().map(io::Error::kind);
    kind == Some(io::ErrorKind::BrokenPipe)
}

/// Writes rows as a table with a heading, without truncation.
///
/// # Errors
/// When standard output is closed.
pub(super) fn table<const N: usize>(heading: [&str; N], rows: &[[String; N]]) -> io::Result<()> {
    let mut widths = heading.map(str::len);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let heading = heading.map(str::to_owned);
    for row in std::iter::once(&heading).chain(rows) {
        let cells = row.iter().zip(widths);
        let text: Vec<_> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        line(text.join("  ").trim_end())?;
    }
    Ok(())
}

/// Writes what came of an operation.
///
/// # Errors
/// When standard output is closed.
pub(super) fn outcome(outcome: &Outcome) -> io::Result<()> {
    match outcome {
        // Events are printed by the command that asks for them, together with what it knows already.
        Outcome::Done | Outcome::Waiting(_) => Ok(()),
        Outcome::Added(id) => line(id),
        Outcome::Secret(secret) => line(secret),
        Outcome::Application {
            id,
            client_id,
            secret,
        } => line(format_args!(
            "id             {id}\nclient_id      {client_id}\nclient_secret  {secret}"
        )),
        Outcome::Replayed(count) => line(format_args!("{count} events will be sent again")),
    }
}
