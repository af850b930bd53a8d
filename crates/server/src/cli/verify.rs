//! `readmark verify` (rule R17).

use std::{io::Write, process::ExitCode};

use anyhow::Result;
use readmark_app::verify::verify;
use readmark_store::Store;

use super::progress;

/// Recounts a portal from its messages and prints what differs, a line each, and at last how much there is of it. The portal may be in use.
///
/// Answers failure when there is drift.
///
/// # Errors
/// When the store fails or the output cannot be written.
pub(super) fn run(store: &Store, out: &mut dyn Write) -> Result<ExitCode> {
    let bar = progress::bar("recounting", "chats and users");
    let shown = bar.clone();
    let report = store.read(move |tx| verify(tx, &mut |done, of| shown.show(done, of)));
    bar.finish();
    let report = report?;
    for drift in &report.drift {
        writeln!(out, "{drift}")?;
    }
    writeln!(
        out,
        "{} drift; recounted: messages {}, view rows {}, members {}, chats {}, users {}",
        report.drift.len(),
        report.messages,
        report.views,
        report.members,
        report.chats,
        report.users,
    )?;
    Ok(if report.drift.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
