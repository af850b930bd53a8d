//! `readmark bot tail`.

use std::{thread, time::Duration};

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use readmark_app::{
    Interrupt, Rerun,
    bot::details::{self, BotName},
    stream::{self, Position, Waiting},
};
use readmark_model::{Timestamp, UserId};
use readmark_store::StoreError;
use serde_json::{Value, json};

use super::{Global, Session, output};

/// The polling interval.
const PAUSE: Duration = Duration::from_millis(250);

/// Number of events read at once from the stream, and from the deliveries.
const PAGE: i64 = 100;

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
    First come the events that wait already: in the stream of a bot that asks for them, with `\"mode\":\"fetch\"`, and\n\
    those that are to be sent to its handler, with `\"mode\":\"webhook\"`. Each of the two counts its ids by itself. What\n\
    the bot acknowledges, or its handler takes, before it is looked at is not shown. Ctrl-C ends it.")]
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
    let mut tail = Tail {
        session: &session,
        bot,
        from: Position {
            recorded: args.from,
            to_send: args.from,
        },
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

/// How far the events of a bot have been printed.
struct Tail<'a> {
    session: &'a Session,
    bot: UserId,
    from: Position,
}

impl Tail<'_> {
    /// Prints new events; answers whether there may be more at once.
    fn print(&mut self) -> Result<bool> {
        let found = self.look()?;
        let is_full = |count: usize| i64::try_from(count).is_ok_and(|count| count >= PAGE);
        let more = is_full(found.recorded.len()) || is_full(found.to_send.len());
        for event in found.recorded {
            self.from.recorded = event.id + 1;
            self.line(
                "fetch",
                event.id,
                &event.event,
                event.created_at,
                &event.data,
            )?;
        }
        for event in found.to_send {
            self.from.to_send = event.id + 1;
            self.line(
                "webhook",
                event.id,
                &event.event,
                event.created_at,
                &event.data,
            )?;
        }
        Ok(more)
    }

    fn line(
        &self,
        mode: &str,
        id: i64,
        event: &str,
        created_at: Timestamp,
        data: &str,
    ) -> Result<()> {
        let data: Value = serde_json::from_str(data)?;
        let date = self.session.shown(created_at);
        output::line(json!({ "id": id, "mode": mode, "type": event, "date": date, "data": data }))?;
        Ok(())
    }

    fn look(&self) -> Result<Waiting, Interrupt> {
        let (bot, from) = (self.bot, self.from);
        let store = &self.session.store;
        match store.read(move |tx| stream::peek(tx, false, bot, from, PAGE)) {
            Err(Interrupt::Rerun(Rerun::Writing)) => {
                store.write(move |tx| stream::peek(tx, true, bot, from, PAGE))
            }
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
