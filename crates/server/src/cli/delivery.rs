//! `readmark delivery list|log|replay`.

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use readmark_app::delivery::log::{self, NotReplayable};
use readmark_model::{UserId, delivery::Attempt};

use super::{Global, Session, output};

/// `readmark delivery …`.
#[derive(Debug, Subcommand)]
pub(super) enum DeliveryCommand {
    /// List the events waiting to be sent to handlers of bots
    List(ListArgs),
    /// List attempts to send events
    Log(LogArgs),
    /// Replay events that were given up
    Replay(ReplayArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    readmark delivery list\n  \
    readmark delivery list --dead --bot 12")]
pub(super) struct ListArgs {
    /// List those that were given up instead
    #[arg(long)]
    dead: bool,
    /// Only events of this bot
    #[arg(long, value_name = "ID")]
    bot: Option<i64>,
    /// Maximum number of events, the oldest first
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: u32,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    readmark delivery log 4711           Everything that was tried for one event\n  \
    readmark delivery log --bot 12       The latest attempts for a bot")]
pub(super) struct LogArgs {
    /// Id of the event [default: the latest attempts for all]
    #[arg(conflicts_with = "bot")]
    delivery: Option<i64>,
    /// Only attempts for this bot
    #[arg(long, value_name = "ID")]
    bot: Option<i64>,
    /// Maximum number of attempts, the latest first
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: u32,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    readmark delivery replay 4711\n  \
    readmark delivery replay --all --bot 12\n\n\
    A running server sends them within its setting `delivery_poll`.")]
pub(super) struct ReplayArgs {
    /// Ids of events, as shown by `readmark delivery list --dead`
    #[arg(required_unless_present = "all", conflicts_with_all = ["all", "bot"])]
    deliveries: Vec<i64>,
    /// Replay all that were given up
    #[arg(long)]
    all: bool,
    /// Only events of this bot
    #[arg(long, value_name = "ID", requires = "all")]
    bot: Option<i64>,
}

pub(super) fn run(global: &Global, command: &DeliveryCommand) -> Result<()> {
    let session = Session::open(global)?;
    match command {
        DeliveryCommand::List(args) => list(&session, args)?,
        DeliveryCommand::Log(args) => show_log(&session, args)?,
        DeliveryCommand::Replay(args) => replay(&session, args)?,
    }
    Ok(())
}

fn list(session: &Session, args: &ListArgs) -> Result<()> {
    let (dead, bot, limit) = (args.dead, args.bot.map(UserId), args.limit);
    let found = session
        .store
        .read(move |tx| log::list(tx, dead, bot, limit.into()))?;
    let rows: Vec<_> = found
        .iter()
        .map(|found| {
            let next = if found.given_up {
                "given up".to_owned()
            } else {
                session.shown(found.next_attempt_at)
            };
            [
                found.id.to_string(),
                found.bot.to_string(),
                found.event.clone(),
                session.shown(found.created_at),
                found.attempts.to_string(),
                next,
                found.url.clone(),
            ]
        })
        .collect();
    let heading = ["ID", "BOT", "EVENT", "SINCE", "ATTEMPTS", "NEXT", "URL"];
    output::table(heading, &rows)?;
    Ok(())
}

fn show_log(session: &Session, args: &LogArgs) -> Result<()> {
    let (bot, limit) = (args.bot.map(UserId), args.limit);
    let attempts = match args.delivery {
        Some(id) => {
            let attempts = session.store.read(move |tx| log::attempts(tx, id))?;
            if attempts.is_empty() {
                bail!("no attempts to send event {id} are recorded");
            }
            attempts
        }
        None => {
            let mut latest = session
                .store
                .read(move |tx| log::latest_attempts(tx, bot, limit.into()))?;
            latest.reverse();
            latest
        }
    };
    let rows: Vec<_> = attempts
        .iter()
        .map(|attempt| {
            [
                session.shown(attempt.attempted_at),
                attempt.delivery.to_string(),
                attempt.bot.to_string(),
                attempt.event.clone(),
                attempt.attempt.to_string(),
                format!("{} ms", attempt.duration),
                outcome(attempt),
                attempt.url.clone(),
            ]
        })
        .collect();
    let heading = [
        "TIME", "ID", "BOT", "EVENT", "ATTEMPT", "TOOK", "OUTCOME", "URL",
    ];
    output::table(heading, &rows)?;
    Ok(())
}

/// The status, and the error if there is one.
fn outcome(attempt: &Attempt) -> String {
    match (attempt.status, attempt.error.as_str()) {
        (status, "") => status.to_string(),
        (0, error) => error.to_owned(),
        (status, error) => format!("{status} {error}"),
    }
}

fn replay(session: &Session, args: &ReplayArgs) -> Result<()> {
    let now = session.now;
    if args.all {
        let bot = args.bot.map(UserId);
        let replayed = session
            .store
            .write(move |tx| log::replay_all(tx, bot, now))?;
        output::line(format_args!("{replayed} events will be sent again"))?;
        return Ok(());
    }
    let ids = args.deliveries.clone();
    let replayed = session.store.write(move |tx| log::replay(tx, &ids, now))?;
    if let Err(NotReplayable(id)) = replayed {
        bail!(
            "event {id} was not given up, or its bot has no handler for it any more: see `readmark delivery list --dead`"
        );
    }
    output::line(format_args!(
        "{} events will be sent again",
        args.deliveries.len()
    ))?;
    Ok(())
}
