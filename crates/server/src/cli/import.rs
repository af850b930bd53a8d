//! `readmark import`: archives of other messengers.

use std::{
    fs::File,
    io::{BufReader, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand};
use jiff::{civil::DateTime, tz::TimeZone};
use readmark_app::{
    import::{Failure, History, Imported, Plan, import},
    portal,
};
use readmark_import::{Limits, slack::Export};
use readmark_model::Timestamp;
use readmark_store::Store;

use super::progress;

/// `Plan::source` of a Slack export.
const SLACK: &str = "slack";

/// Arguments of `readmark import`.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Where the archive is from.
    #[command(subcommand)]
    pub(super) from: From,
}

/// A messenger whose archives can be read.
#[derive(Debug, Subcommand)]
pub(super) enum From {
    /// Import a Slack export: its users, channels, members and messages.
    ///
    /// The whole archive is checked first; a damaged one is refused with the file and the reason, and nothing changes.
    /// Then everything is written in one transaction: all of it or nothing. Nothing else can write meanwhile, so with
    /// SQLite stop the server first.
    ///
    /// Afterwards everybody has read everything, and nothing was viewed. The same archive is imported only once.
    /// People are matched to users of the portal by email; nobody becomes an administrator.
    #[command(after_help = "Example:\n  readmark import slack export.zip --unread-from 2024-03-01")]
    Slack(SlackArgs),
}

/// Arguments of `readmark import slack`.
#[derive(Debug, Args)]
pub(super) struct SlackArgs {
    /// The zip file of the Slack export.
    #[arg(value_name = "FILE.zip")]
    pub(super) file: PathBuf,
    /// Leave messages sent from then on unread: 2024-03-01, or 2024-03-01T12:30 in the portal's time zone, or with an offset.
    #[arg(long, value_name = "DATE")]
    pub(super) unread_from: Option<String>,
}

/// Imports into a portal. On SQLite the caller ensures that no server has the portal open.
///
/// # Errors
/// When the archive is refused or the store fails; nothing is imported then.
pub(super) fn run(
    args: &ImportArgs,
    store: &Store,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let From::Slack(args) = &args.from;
    let time_zone = portal_time_zone(store)?;
    let unread_from = args
        .unread_from
        .as_deref()
        .map(|date| moment(date, &time_zone))
        .transpose()?;
    let started = Instant::now();
    let export = open(&args.file)?;
    let skipped = export.skipped().to_vec();
    let plan = Plan {
        source: SLACK.to_owned(),
        fingerprint: export.fingerprint().to_owned(),
        unread_from,
        now,
    };
    let imported = write(store, export, plan).map_err(|failure| explain(failure, &time_zone))?;
    report(out, &imported, &skipped, started.elapsed().as_secs_f64())?;
    Ok(ExitCode::SUCCESS)
}

fn portal_time_zone(store: &Store) -> Result<TimeZone> {
    let Some(portal) = store.read(|tx| portal::find(tx))? else {
        bail!("there is no portal to import into: create one with `readmark portal create`");
    };
    TimeZone::get(&portal.time_zone).context("the portal's time zone is unknown on this machine")
}

/// Parses a date or time from the command line.
fn moment(text: &str, time_zone: &TimeZone) -> Result<Timestamp> {
    let with_offset = text.parse::<jiff::Timestamp>().ok();
    let local = || {
        let civil = text.parse::<DateTime>().ok()?;
        Some(
            time_zone
                .to_ambiguous_zoned(civil)
                .compatible()
                .ok()?
                .timestamp(),
        )
    };
    let moment = with_offset.or_else(local).ok_or_else(|| {
        anyhow!("--unread-from {text:?} is not a date: write 2024-03-01 or 2024-03-01T12:30")
    })?;
    Ok(Timestamp(moment.as_millisecond()))
}

fn open(file: &Path) -> Result<Export<BufReader<File>>> {
    let name = file.display().to_string();
    let source = File::open(file).with_context(|| format!("{name} cannot be opened"))?;
    let bar = progress::bar("checking", "files");
    let export = Export::open(
        BufReader::new(source),
        &name,
        Limits::default(),
        &mut |checked| bar.show(checked.files, checked.of),
    );
    bar.finish();
    Ok(export?)
}

fn write(store: &Store, export: Export<BufReader<File>>, plan: Plan) -> Result<Imported, Failure> {
    let bar = progress::bar("importing", "messages");
    let shown = bar.clone();
    let of = export.message_count();
    // The transaction may be retried after a conflict, and then starts over.
    let export = Arc::new(Mutex::new(export));
    let result = store.write(move |tx| {
        let mut export = export.lock().unwrap_or_else(PoisonError::into_inner);
        let history: &mut dyn History = &mut *export;
        import(tx, history, &plan, &mut |done| shown.show(done, of))
    });
    bar.finish();
    result
}

fn explain(failure: Failure, time_zone: &TimeZone) -> anyhow::Error {
    match &failure {
        Failure::AlreadyImported { at } => match jiff::Timestamp::from_millisecond(at.get()) {
            Ok(at) => {
                let day = at
                    .to_zoned(time_zone.clone())
                    .strftime("%Y-%m-%d")
                    .to_string();
                anyhow!("{failure} on {day}; nothing was changed")
            }
            Err(_) => failure.into(),
        },
        _ => failure.into(),
    }
}

fn report(
    out: &mut dyn Write,
    imported: &Imported,
    skipped: &[String],
    seconds: f64,
) -> Result<()> {
    let Imported {
        users,
        known_users,
        chats,
        messages,
    } = imported;
    writeln!(
        out,
        "Imported {}, {} and {} in {seconds:.1} s.",
        counted(*users, "user"),
        counted(*chats, "chat"),
        counted(*messages, "message")
    )?;
    if *known_users > 0 {
        writeln!(
            out,
            "{known_users} of the portal, known by their email, kept their accounts."
        )?;
    }
    for name in skipped {
        writeln!(out, "Passed over, as it belongs to no chat: {name}")?;
    }
    Ok(())
}

/// `1 chat`, `2 chats`.
fn counted(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_in_the_portals_time_zone_unless_they_say_otherwise() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let millis = |text| moment(text, &zone).unwrap().get();
        assert_eq!(millis("2024-03-01"), 1_709_247_600_000);
        assert_eq!(millis("2024-03-01T12:30"), 1_709_292_600_000);
        assert_eq!(millis("2024-03-01T12:30:00Z"), 1_709_296_200_000);
        for wrong in ["", "yesterday", "2024-13-01", "1709247600"] {
            assert!(moment(wrong, &zone).is_err(), "{wrong}");
        }
    }
}
