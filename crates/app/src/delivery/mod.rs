//! Sending events to the handlers of bots: what is sent next, with which tokens, and the outcome.
//!
//! Delivery is at least once. An event is claimed, sent outside of any transaction, and then removed, postponed or given up;
//! a crash in between leaves a claim that expires.

pub mod log;

use readmark_model::{
    Scope, Scopes, SecretHash, Timestamp, UserId,
    delivery::{Attempt, Delivery, Head, Lane},
};
use readmark_store::{
    StoreError, Tx,
    repo::{application, auth, bot, delivery},
};

use crate::token::{self, NewToken};

/// Lifetime of the tokens sent with events, in milliseconds.
pub const TOKEN_LIFETIME: i64 = 60 * 60 * 1000;

/// The events that are sent although their bot is gone: they announce it.
const LAST_WORDS: [&str; 2] = ["ONIMBOTV2DELETE", "ONIMBOTDELETE"];

/// How events are sent.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Lifetime of a claim, in milliseconds: longer than an attempt takes.
    pub claim: i64,
    /// Whether there is only one attempt.
    pub once: bool,
    /// The application of a stored bot, which only the API contract can read; `None` for a webhook's bot.
    pub application: fn(&str) -> Option<String>,
}

/// Hashes of new tokens, stored when they are granted.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// For the user who caused the event.
    pub acting: SecretHash,
    /// For the bot.
    pub own: SecretHash,
}

/// An event to send now.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The event; `attempts` includes this one.
    pub delivery: Delivery,
    /// What the tokens may be used for.
    pub scopes: Scopes,
    /// Whether there is a token for the user who caused the event.
    pub acting_granted: bool,
    /// Whether there is a token for the bot.
    pub own_granted: bool,
    /// When the tokens expire.
    pub tokens_end: Timestamp,
}

/// The outcome of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The handler accepted it.
    Delivered,
    /// It is sent again at this time.
    Again(Timestamp),
    /// It is given up, and the lane goes on without it. If the handler has been failing for long, events in the lane older
    /// than a given time are given up too.
    GivenUp {
        /// The time.
        with_older_than: Option<Timestamp>,
    },
}

/// The head of every lane, oldest first.
pub fn heads(tx: &mut dyn Tx) -> Result<Vec<Head>, StoreError> {
    delivery::list_heads(tx)
}

/// Ends the claims of a stopped server and makes failed events due at once. Only on SQLite, where no earlier owner can
/// still be sending; on PostgreSQL claims expire.
pub fn resume(tx: &mut dyn Tx, now: Timestamp) -> Result<(), StoreError> {
    delivery::release_heads(tx, now)
}

/// Claims the head of a lane and issues its tokens; `None` when nothing is due. Events for a bot that is gone are dropped on
/// the way.
pub fn claim(
    tx: &mut dyn Tx,
    lane: &Lane,
    terms: &Terms,
    keys: &Keys,
    now: Timestamp,
) -> Result<Option<Claimed>, StoreError> {
    while let Some(head) = delivery::find_head(tx, lane)? {
        if head.next_attempt_at > now {
            return Ok(None);
        }
        let last_words = LAST_WORDS.contains(&head.event.as_str());
        if !last_words && bot::find(tx, lane.bot)?.is_none() {
            delivery::delete_waiting(tx, lane.bot)?;
            continue;
        }
        if terms.once && head.attempts > 0 {
            // The server that made the only attempt crashed before recording the outcome.
            delivery::give_up(tx, head.id, head.attempts)?;
            continue;
        }
        let until = Timestamp(now.get().saturating_add(terms.claim));
        if !delivery::claim(tx, &head, now, until)? {
            return Ok(None);
        }
        return grant(tx, head, terms, keys, now).map(Some);
    }
    Ok(None)
}

fn grant(
    tx: &mut dyn Tx,
    mut head: Delivery,
    terms: &Terms,
    keys: &Keys,
    now: Timestamp,
) -> Result<Claimed, StoreError> {
    head.attempts += 1;
    let mut claimed = Claimed {
        scopes: Scopes::from_iter([Scope::Imbot]),
        acting_granted: false,
        own_granted: false,
        tokens_end: Timestamp(now.get().saturating_add(TOKEN_LIFETIME)),
        delivery: head,
    };
    let Some(client) = (terms.application)(&claimed.delivery.snapshot) else {
        return Ok(claimed);
    };
    let scopes = match application::find_by_client(tx, &client)? {
        Some(application) => Some(application.scopes),
        None => auth::find_application_scopes(tx, &client)?,
    };
    if let Some(scopes) = scopes {
        claimed.scopes = scopes;
    }
    let (scopes, expires_at) = (claimed.scopes, claimed.tokens_end);
    let mut issue = |user: UserId, hash: &SecretHash| {
        let new = NewToken {
            client: &client,
            user,
            scopes,
            expires_at,
        };
        // A missing or dismissed user gets none.
        Ok::<_, StoreError>(token::register(tx, &new, hash, now)?.is_ok())
    };
    if let Some(acting) = claimed.delivery.acting_user {
        claimed.acting_granted = issue(acting, &keys.acting)?;
    }
    claimed.own_granted = issue(claimed.delivery.bot, &keys.own)?;
    Ok(claimed)
}

/// Records the outcome of an attempt.
pub fn finish(tx: &mut dyn Tx, attempt: &Attempt, verdict: Verdict) -> Result<(), StoreError> {
    let (id, number) = (attempt.delivery, attempt.attempt);
    match verdict {
        Verdict::Delivered => {
            let at = attempt.attempted_at.get().saturating_add(attempt.duration);
            delivery::deliver(tx, id, number, Timestamp(at))?;
        }
        Verdict::Again(at) => delivery::postpone(tx, id, number, at)?,
        Verdict::GivenUp { with_older_than } => {
            delivery::give_up(tx, id, number)?;
            if let Some(before) = with_older_than {
                let lane = Lane {
                    bot: attempt.bot,
                    url: attempt.url.clone(),
                };
                delivery::give_up_older(tx, &lane, before)?;
            }
        }
    }
    delivery::insert_attempt(tx, attempt)
}
