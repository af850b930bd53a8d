//! Events on their way to the handlers of bots, and the log of attempts.
//!
//! An event can outlive its bot, its handler and its attempts: events for a bot that is gone are dropped when their turn
//! comes, handlers of commands are deleted with their commands, and the log is kept for a limited time. A replay restarts the
//! count of attempts.

use std::collections::{HashMap, HashSet};

use readmark_model::{
    Timestamp, UserId,
    bot::{Generation, Handler, StreamEvent},
};
use readmark_store::{
    StoreError, Tx,
    repo::{
        audit::{self, AttemptRow, DeliveryRow},
        event_handler,
    },
};

use super::{Check, Drift, Findings, facts::People};

/// The state of an event that waits to be sent.
const WAITING: i64 = 0;

/// The state of an event that was given up.
const GIVEN_UP: i64 = 1;

/// The state of an event that was delivered; it is kept for about a minute.
const DELIVERED: i64 = 2;

/// Compares events with bots and handlers, and attempts with events.
pub(super) fn check(
    tx: &mut dyn Tx,
    people: &People,
    drift: &mut Vec<Drift>,
) -> Result<(), StoreError> {
    let handlers: HashMap<i64, Handler> = event_handler::list(tx)?
        .into_iter()
        .map(|handler| (handler.id, handler))
        .collect();
    let bots: HashSet<UserId> = audit::list_bots(tx)?.into_iter().collect();
    let deliveries = audit::list_deliveries(tx)?;
    for delivery in &deliveries {
        let mut findings = Findings {
            of: format!("event {} on its way", delivery.id),
            drift,
        };
        single(delivery, people, &mut findings);
        if delivery.state == WAITING && bots.contains(&delivery.bot) {
            route(delivery, handlers.get(&delivery.handler), &mut findings);
        }
    }
    let deliveries: HashMap<i64, DeliveryRow> = deliveries
        .into_iter()
        .map(|delivery| (delivery.id, delivery))
        .collect();
    let mut last = (0, 0);
    audit::each_attempt(tx, |row| {
        let mut findings = Findings {
            of: format!("attempt {} to send event {}", row.attempt, row.delivery),
            drift,
        };
        attempt(&row, people, &mut findings);
        let this = (row.delivery, row.attempt);
        if let Some(delivery) = deliveries.get(&row.delivery) {
            of_delivery(&row, delivery, this == last, &mut findings);
        }
        last = this;
    })
}

/// Checks of every event, whether its bot and handler still exist or not.
fn single(delivery: &DeliveryRow, people: &People, findings: &mut Findings<'_>) {
    if ![WAITING, GIVEN_UP, DELIVERED].contains(&delivery.state) {
        let state = delivery.state;
        findings.add(Check::Delivery, format_args!("there is no state {state}"));
    }
    if delivery.attempts < 0 {
        let attempts = delivery.attempts;
        findings.add(Check::Delivery, format_args!("it has {attempts} attempts"));
    }
    if !is_event(&delivery.event) {
        let event = &delivery.event;
        findings.add(
            Check::Delivery,
            format_args!("no bot is told of an event {event}"),
        );
    }
    // Users outlive their bots.
    for user in [Some(delivery.bot), delivery.acting_user]
        .into_iter()
        .flatten()
    {
        if !people.exist(user) {
            findings.add(Check::Delivery, format_args!("user {user} does not exist"));
        }
    }
}

/// Whether bots of any generation receive an event of this name.
fn is_event(name: &str) -> bool {
    [Generation::First, Generation::Second]
        .into_iter()
        .any(|generation| {
            StreamEvent::ALL
                .into_iter()
                .chain([StreamEvent::MessageRead])
                .any(|event| event.bot_name(generation) == Some(name))
        })
}

/// Waiting events follow changes of the bot's handlers.
fn route(delivery: &DeliveryRow, handler: Option<&Handler>, findings: &mut Findings<'_>) {
    let number = delivery.handler;
    let Some(handler) = handler else {
        let of_command = StreamEvent::CommandAdd.bot_name(Generation::First);
        if Some(delivery.event.as_str()) != of_command {
            findings.add(
                Check::Delivery,
                format_args!("there is no handler {number}"),
            );
        }
        return;
    };
    if (handler.bot, &handler.url) != (delivery.bot, &delivery.url) {
        findings.add(
            Check::Delivery,
            format_args!("handler {number} is of another bot or address"),
        );
    }
    // Read events use the handler for messages.
    let second = Generation::Second;
    let expected = if Some(delivery.event.as_str()) == StreamEvent::MessageRead.bot_name(second) {
        StreamEvent::MessageAdd.bot_name(second)
    } else {
        Some(delivery.event.as_str())
    };
    if Some(handler.event.as_str()) != expected {
        let event = &delivery.event;
        findings.add(
            Check::Delivery,
            format_args!("handler {number} is not for {event}"),
        );
    }
}

/// Checks of every attempt, whether its event still exists or not.
fn attempt(row: &AttemptRow, people: &People, findings: &mut Findings<'_>) {
    if !people.exist(row.bot) {
        let bot = row.bot;
        findings.add(Check::Attempt, format_args!("bot {bot} never existed"));
    }
    if !is_event(&row.event) {
        let event = &row.event;
        findings.add(
            Check::Attempt,
            format_args!("no bot is told of an event {event}"),
        );
    }
    if row.attempt < 1 || row.duration < 0 {
        findings.add(Check::Attempt, "its number or its duration cannot be");
    }
    if row.succeeded != (200..300).contains(&row.status) {
        let status = row.status;
        findings.add(
            Check::Attempt,
            format_args!("status {status} and its error do not agree"),
        );
    }
}

/// Checks of an attempt whose event still exists.
fn of_delivery(
    row: &AttemptRow,
    delivery: &DeliveryRow,
    repeated: bool,
    findings: &mut Findings<'_>,
) {
    if (row.bot, &row.event) != (delivery.bot, &delivery.event) {
        findings.add(Check::Attempt, "the event is another");
    }
    // A replay restarts the count.
    if delivery.replayed_at != Timestamp(0) {
        return;
    }
    if repeated {
        findings.add(Check::Attempt, "it is written down twice");
    }
    if row.attempt > delivery.attempts {
        let attempts = delivery.attempts;
        findings.add(Check::Attempt, format_args!("only {attempts} were begun"));
    }
    if row.succeeded && row.attempt == delivery.attempts && delivery.state != DELIVERED {
        findings.add(Check::Attempt, "it succeeded, and the event still waits");
    }
    if !row.succeeded && row.attempt == delivery.attempts && delivery.state == DELIVERED {
        findings.add(
            Check::Attempt,
            "it failed, and the event counts as delivered",
        );
    }
}
