//! Listeners and handlers.

use std::collections::BTreeMap;

use readmark_model::{
    EventMode, UserId,
    bot::{Bot, Generation, Handler, StreamEvent},
};
use readmark_store::{
    StoreError, Tx,
    repo::{audit, bot, event_handler, stream},
};

use super::{Check, Drift, Findings, facts::People};

/// Compares members with streams, and handlers with bots.
pub(super) fn check(
    tx: &mut dyn Tx,
    people: &People,
    drift: &mut Vec<Drift>,
) -> Result<(), StoreError> {
    let bots = bot::list_all(tx)?;
    let streams: BTreeMap<UserId, i64> = stream::list(tx)?.into_iter().collect();
    let mut findings = Findings {
        of: "streams".to_owned(),
        drift,
    };
    for user in streams.keys().filter(|user| !people.exist(**user)) {
        findings.add(
            Check::Stream,
            format_args!("there is one of user {user}, who does not exist"),
        );
    }
    for bot in &bots {
        if streams.get(&bot.user).copied().unwrap_or(0) < 1 {
            findings.add(Check::Stream, format_args!("bot {} has none", bot.user));
        }
    }
    for (chat, user, listens) in audit::list_listening(tx)? {
        let stored = streams.get(&user).copied().unwrap_or(0);
        let name = format!("listening of user {user} to chat {chat}");
        findings.equal(Check::Stream, &name, listens, stored);
    }
    for (&user, &level) in streams.iter().filter(|(_, level)| **level > 0) {
        for (chat, listens) in audit::list_listens(tx, user)? {
            // Other differences were found above.
            if listens == 0 {
                let name = format!("listening of user {user} to chat {chat}");
                findings.equal(Check::Stream, &name, listens, level);
            }
        }
    }
    let all = event_handler::list(tx)?;
    for bot in &bots {
        handlers(bot, &all, findings.drift);
    }
    let commands: BTreeMap<i64, UserId> = audit::list_commands(tx)?.into_iter().collect();
    let generations: BTreeMap<UserId, Generation> =
        bots.iter().map(|bot| (bot.user, bot.generation)).collect();
    for handler in &all {
        let mut findings = Findings {
            of: format!("handler {}", handler.id),
            drift,
        };
        let generation = generations.get(&handler.bot);
        single(handler, generation.copied(), &commands, &mut findings);
    }
    Ok(())
}

/// Checks of each single handler. That bots and commands exist is checked elsewhere.
fn single(
    handler: &Handler,
    generation: Option<Generation>,
    commands: &BTreeMap<i64, UserId>,
    findings: &mut Findings<'_>,
) {
    if let Some(generation) = generation {
        let mut names = StreamEvent::ALL
            .iter()
            .filter_map(|event| event.bot_name(generation));
        if names.all(|name| name != handler.event) {
            let event = &handler.event;
            findings.add(
                Check::Handlers,
                format_args!("its bot is told of no event {event}"),
            );
        }
    }
    if handler.url.is_empty() {
        findings.add(Check::Handlers, "it has no address");
    }
    let owner = commands.get(&handler.command);
    if owner.is_some_and(|owner| *owner != handler.bot) {
        let command = handler.command;
        findings.add(
            Check::Handlers,
            format_args!("its command {command} is another bot's"),
        );
    }
}

/// Handlers of commands, and of first-generation bots, are chosen by their owner.
fn handlers(bot: &Bot, all: &[Handler], drift: &mut Vec<Drift>) {
    if bot.generation != Generation::Second {
        return;
    }
    let mut stored: Vec<(&str, &str)> = all
        .iter()
        .filter(|handler| handler.bot == bot.user && handler.command == 0)
        .map(|handler| (handler.event.as_str(), handler.url.as_str()))
        .collect();
    let mut expected: Vec<(&str, &str)> = match bot.event_mode {
        EventMode::Fetch => Vec::new(),
        EventMode::Webhook => StreamEvent::ALL
            .iter()
            .filter_map(|event| event.bot_name(bot.generation))
            .map(|name| (name, bot.webhook_url.as_str()))
            .collect(),
    };
    stored.sort_unstable();
    expected.sort_unstable();
    if stored != expected {
        drift.push(Drift {
            check: Check::Handlers,
            what: format!(
                "bot {}: has {} handlers, which are not those of its mode and address",
                bot.user,
                stored.len()
            ),
        });
    }
}
