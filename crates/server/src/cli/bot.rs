//! `readmark bot tail`.

use std::{
    collections::{BTreeMap, BTreeSet},
    thread,
    time::Duration,
};

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use readmark_app::{
    Interrupt, Rerun,
    bot::details::{self, BotName},
    delivery::log,
    stream::{self, Position, Waiting},
};
use readmark_model::{Delivery, Timestamp, UserId, delivery::Attempt, stream::Recorded};
use readmark_store::{StoreError, Tx};
use serde_json::{Map, Value, json};

use super::{Global, Session, output};

/// The polling interval.
const PAUSE: Duration = Duration::from_millis(250);

/// Number of events read at once from the stream, and from the deliveries.
const PAGE: i64 = 100;

/// Number of attempts looked at at once, the latest ones.
const ATTEMPTS: i64 = 1_000;

/// How long after its beginning an attempt may be recorded, apart from the time that a handler may take; milliseconds.
const RECORDING: i64 = 60 * 1000;

/// `readmark bot …`.
#[derive(Debug, Subcommand)]
pub(super) enum BotCommand {
    /// Print the events of a bot as they arrive, one JSON line each, without acknowledging them
    Tail(TailArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    readmark bot tail 12\n  \
    readmark bot tail helpdesk --from 4711 | jq .data.message.text\n\n\
    First come the events that wait already, and those that the bot's handler took in the last minute.\n\n\
    A bot that asks for its events: `\"mode\":\"fetch\"`. What it acknowledges before it is looked at is not shown.\n\n\
    A bot that is sent its events: `\"mode\":\"webhook\"`, and `\"answer\"` with the number of the attempt, the status that\n\
    the handler answered (null without an answer), the milliseconds that it took and what went wrong. An event is shown\n\
    once for each attempt, and without an answer as long as it waits for its turn.\n\n\
    Each of the two counts its ids by itself. Ctrl-C ends it.")]
pub(super) struct TailArgs {
    /// Id or code of the bot
    bot: String,
    /// Skip events with smaller ids
    #[arg(long, value_name = "ID", default_value_t = 0)]
    from: i64,
}

pub(super) fn run(global: &Global, command: &BotCommand) -> Result<()> {
    let BotCommand::Tail(args) = command;
    let session = Session::open(global)?;
    let bot = find(&session, &args.bot)?;
    let patience = i64::try_from(session.config.delivery_timeout.0.as_millis());
    let mut tail = Tail {
        session: &session,
        bot,
        first: args.from,
        from: Position {
            recorded: args.from,
            to_send: args.from,
        },
        slack: RECORDING.saturating_add(patience.unwrap_or(RECORDING)),
        since: Timestamp(session.now.get() - RECORDING),
        seen: BTreeSet::new(),
        shown: BTreeSet::new(),
    };
    loop {
        let is_full = tail.print()?;
        if !is_full {
            if !tail.is_there()? {
                bail!("bot {bot} no longer exists");
            }
            thread::sleep(PAUSE);
        }
    }
}

/// The bot given by number or code. A number is always an id here, as the operator has seen it in an answer.
fn find(session: &Session, given: &str) -> Result<UserId> {
    let name = given.to_owned();
    let found = session.store.read(move |tx| {
        let by_id = name.parse().map(|id| BotName::Id(UserId(id)));
        details::find(tx, by_id.unwrap_or(BotName::Code(&name)))
    })?;
    match found {
        Some(found) => Ok(found.user),
        None => bail!("there is no bot {given:?}"),
    }
}

/// An attempt, in the order in which attempts are looked at: when it began, the event, its number.
type Tried = (Timestamp, i64, i64);

/// How far the events of a bot have been printed.
struct Tail<'a> {
    session: &'a Session,
    bot: UserId,
    /// Events with smaller ids are left out.
    first: i64,
    from: Position,
    /// How long after its beginning an attempt may be recorded, in milliseconds.
    slack: i64,
    /// Attempts that began earlier have all been recorded, and printed.
    since: Timestamp,
    /// The printed attempts that began since then.
    seen: BTreeSet<Tried>,
    /// The events printed with an attempt whose turn in `from.to_send` has not come yet.
    shown: BTreeSet<i64>,
}

/// What is new of a bot.
struct Found {
    waiting: Waiting,
    /// Attempts that were not printed yet, with their event if it is still kept.
    attempts: Vec<(Attempt, Option<Delivery>)>,
    /// The last attempts for the waiting events, by event.
    last: BTreeMap<i64, Attempt>,
}

impl Tail<'_> {
    /// Prints new events; answers whether there may be more at once.
    fn print(&mut self) -> Result<bool> {
        let found = self.look()?;
        let is_full = |count: usize| i64::try_from(count).is_ok_and(|count| count >= PAGE);
        let more = is_full(found.waiting.recorded.len()) || is_full(found.waiting.to_send.len());
        for event in found.waiting.recorded {
            self.from.recorded = event.id + 1;
            self.line(&fetched(&event)?, event.created_at)?;
        }
        for (attempt, event) in &found.attempts {
            self.seen.insert(tried(attempt));
            self.shown.insert(attempt.delivery);
            let at = event
                .as_ref()
                .map_or(attempt.attempted_at, |event| event.created_at);
            let data = event.as_ref().map(|event| event.data.as_str());
            self.line(
                &sent(attempt.delivery, &attempt.event, data, Some(attempt))?,
                at,
            )?;
        }
        for event in found.waiting.to_send {
            self.from.to_send = event.id + 1;
            if !self.shown.contains(&event.id) {
                let last = found.last.get(&event.id);
                self.seen.extend(last.map(tried));
                self.line(
                    &sent(event.id, &event.event, Some(&event.data), last)?,
                    event.created_at,
                )?;
            }
        }
        self.forget();
        Ok(more)
    }

    /// Forgets what cannot be found again. The latest attempt tells the time: the server's clock may be another one.
    fn forget(&mut self) {
        if let Some((latest, ..)) = self.seen.last() {
            let since = Timestamp(latest.get().saturating_sub(self.slack));
            self.since = self.since.max(since);
        }
        self.seen = self.seen.split_off(&(self.since, 0, 0));
        self.shown = self.shown.split_off(&self.from.to_send);
    }

    fn line(&self, event: &Map<String, Value>, created_at: Timestamp) -> Result<()> {
        let mut line = Map::new();
        for (name, value) in event {
            if name == "data" {
                line.insert("date".to_owned(), self.session.shown(created_at).into());
            }
            line.insert(name.clone(), value.clone());
        }
        output::line(Value::Object(line))?;
        Ok(())
    }

    fn look(&self) -> Result<Found, Interrupt> {
        let (bot, from, since, first) = (self.bot, self.from, self.since, self.first);
        let seen = self.seen.clone();
        let store = &self.session.store;
        let look = move |tx: &mut dyn Tx, writable| {
            // In this order: what is delivered in between appears among the attempts the next time.
            let mut attempts = Vec::new();
            for attempt in log::attempts_since(tx, bot, since, ATTEMPTS)? {
                if attempt.delivery >= first && !seen.contains(&tried(&attempt)) {
                    let event = log::find(tx, attempt.delivery)?;
                    attempts.push((attempt, event));
                }
            }
            let waiting = stream::peek(tx, writable, bot, from, PAGE)?;
            let mut last = BTreeMap::new();
            for event in waiting.to_send.iter().filter(|event| event.attempts > 0) {
                let attempt = log::attempts(tx, event.id)?.pop();
                last.extend(attempt.map(|attempt| (event.id, attempt)));
            }
            Ok(Found {
                waiting,
                attempts,
                last,
            })
        };
        let again = look.clone();
        match store.read(move |tx| look(tx, false)) {
            Err(Interrupt::Rerun(Rerun::Writing)) => store.write(move |tx| again(tx, true)),
            looked => looked,
        }
    }

    fn is_there(&self) -> Result<bool, StoreError> {
        let bot = self.bot;
        let store = &self.session.store;
        let found = store.read(move |tx| details::find(tx, BotName::Id(bot)))?;
        Ok(found.is_some())
    }
}

fn tried(attempt: &Attempt) -> Tried {
    (attempt.attempted_at, attempt.delivery, attempt.attempt)
}

/// An event in the stream of a bot.
fn fetched(event: &Recorded) -> Result<Map<String, Value>> {
    let data: Value = serde_json::from_str(&event.data)?;
    Ok(Map::from_iter([
        ("id".to_owned(), event.id.into()),
        ("mode".to_owned(), "fetch".into()),
        ("type".to_owned(), event.event.clone().into()),
        ("data".to_owned(), data),
    ]))
}

/// An event for a bot's handler; `data` is `None` when it is no longer kept.
fn sent(
    id: i64,
    event: &str,
    data: Option<&str>,
    attempt: Option<&Attempt>,
) -> Result<Map<String, Value>> {
    let data = match data {
        Some(data) => serde_json::from_str(data)?,
        None => Value::Null,
    };
    let answer = attempt.map(|attempt| {
        json!({
            "attempt": attempt.attempt,
            "status": (attempt.status != 0).then_some(attempt.status),
            "took": attempt.duration,
            "error": attempt.error,
        })
    });
    Ok(Map::from_iter([
        ("id".to_owned(), id.into()),
        ("mode".to_owned(), "webhook".into()),
        ("type".to_owned(), event.into()),
        ("data".to_owned(), data),
        ("answer".to_owned(), answer.into()),
    ]))
}
