//! `readmark verify` (rule R17).

use std::{io::Write, process::ExitCode};

use anyhow::Result;
use readmark_app::verify::{self, verify};
use readmark_model::{Timestamp, file::StoredContent};
use readmark_store::{Store, StoreError};

use super::progress;
use crate::{
    files::{Contents, Waiting},
    sweep::{GRACE, Sweeper},
};

/// Recounts a portal from its messages, reads the contents of its files, and prints one line per difference, then the
/// total. The portal may be in use.
///
/// Answers failure when there is drift.
///
/// # Errors
/// When the store fails, contents cannot be read or the output cannot be written.
pub(super) fn run(
    store: &Store,
    contents: &Contents,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let bar = progress::bar("recounting", "chats and users");
    let shown = bar.clone();
    let report = store.read(move |tx| verify(tx, &mut |done, of| shown.show(done, of)));
    bar.finish();
    let report = report?;
    let files = check_contents(store, contents)?;
    for drift in &report.drift {
        writeln!(out, "{drift}")?;
    }
    for drift in &files.drift {
        writeln!(out, "{drift}")?;
    }
    let drift = report.drift.len() + files.drift.len();
    writeln!(
        out,
        "{drift} drift; recounted: messages {}, view rows {}, members {}, chats {}, users {}, contents of files {}",
        report.messages, report.views, report.members, report.chats, report.users, files.contents,
    )?;
    let left_over = count_left_over(store, contents, now)?;
    if left_over > 0 {
        writeln!(
            out,
            "{left_over} contents have no file, as after a crash; the server deletes them"
        )?;
    }
    Ok(if drift == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The outcome of reading file contents.
struct Read {
    contents: usize,
    drift: Vec<String>,
}

fn check_contents(store: &Store, contents: &Contents) -> Result<Read> {
    let rows: Vec<StoredContent> = store.read(|tx| verify::contents(tx)).map_err(known)?;
    let waiting = Waiting::alone()?;
    let bar = progress::bar("reading", "contents of files");
    let mut drift = Vec::new();
    for (done, row) in rows.iter().enumerate() {
        bar.show(done, rows.len());
        let problem = match waiting.on(contents.measure(&row.name))? {
            None => "is missing".to_owned(),
            Some((size, _)) if i64::try_from(size) != Ok(row.size) => {
                format!("has {size} bytes, not {}", row.size)
            }
            Some((_, hash)) if hash != row.hash => "was changed".to_owned(),
            Some(_) => continue,
        };
        // Its last file may have been deleted meanwhile.
        if is_needed(store, &row.name)? {
            drift.push(format!("file: content {} {problem}", row.name));
        }
    }
    bar.finish();
    Ok(Read {
        contents: rows.len(),
        drift,
    })
}

fn is_needed(store: &Store, name: &str) -> Result<bool> {
    let name = name.to_owned();
    store
        .read(move |tx| verify::is_content_needed(tx, &name))
        .map_err(known)
}

fn count_left_over(store: &Store, contents: &Contents, now: Timestamp) -> Result<usize> {
    let sweeper = Sweeper::new(Waiting::alone()?);
    let before = Timestamp(now.get() - GRACE);
    let mut count = 0;
    for shard in 0..=u8::MAX {
        count += sweeper.orphans(store, contents, shard, before)?.len();
    }
    Ok(count)
}

fn known(error: StoreError) -> anyhow::Error {
    error.into()
}
