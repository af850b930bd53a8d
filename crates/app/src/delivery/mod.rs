//! Sending events to the handlers of bots: what is sent next, with which tokens, and what comes of it.
//!
//! Delivery is at least once. An event is claimed, sent outside of any transaction, and then taken away, put off or given up;
//! who dies in between leaves a claim that ends by itself.

pub mod log;

use readmark_model::{
    Scope, Scopes, SecretHash, Timestamp, UserId,
    delivery::{Attempt, Delivery, Head, Lane},
};
use readmark_store::{
    StoreError, Tx,
    repo::{auth, bot, delivery},
};

use crate::token::{self, NewToken};

/// For how long the tokens are good that are sent with events, in milliseconds.
pub const TOKEN_LIFETIME: i64 = 60 * 60 * 1000;

/// The events that are sent although their bot is gone: they say so.
const LAST_WORDS: [&str; 2] = ["ONIMBOTV2DELETE", "ONIMBOTDELETE"];

/// How events are sent.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// For how long a claim holds, in milliseconds: longer than an attempt takes.
    pub claim: i64,
    /// Whether there is one attempt only.
    pub once: bool,
    /// The application of a stored bot, which only the contract can read; `None` for a bot of a webhook.
    pub application: fn(&str) -> Option<String>,
}

/// Hashes of new tokens, to be stored when they are granted.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// For the user whose doing the event tells of.
    pub acting: SecretHash,
    /// For the bot.
    pub own: SecretHash,
}

/// An event that is to be sent now.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The event; `attempts` counts this one.
    pub delivery: Delivery,
    /// What the tokens may be used for.
    pub scopes: Scopes,
    /// Whether there is a token for the user whose doing it tells of.
    pub acting_granted: bool,
    /// Whether there is a token for the bot.
    pub own_granted: bool,
    /// When the tokens end.
    pub tokens_end: Timestamp,
}

/// What comes of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The handler has it.
    Delivered,
    /// It is sent again at this time.
    Again(Timestamp),
    /// It is given up, and the lane goes on without it; and with it what waits in the lane since before a time, as the
    /// handler has been failing for long.
    GivenUp {
        /// The time.
        with_older_than: Option<Timestamp>,
    },
}

/// The head of every lane, the oldest first.
pub fn heads(tx: &mut dyn Tx) -> Result<Vec<Head>, StoreError> {
    delivery::list_heads(tx)
}

/// Ends the claims of a server that is gone and lets what failed be sent at once, where no other server can be sending:
/// on SQLite. On PostgreSQL claims end by themselves.
pub fn resume(tx: &mut dyn Tx, now: Timestamp) -> Result<(), StoreError> {
    delivery::release_heads(tx, now)
}

/// Claims the head of a lane and makes its tokens; `None` when there is nothing to be sent there now. What waits for a bot
/// that is gone is dropped on the way.
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
            // Whoever made the one attempt did not live to tell what came of it.
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
    if let Some(scopes) = auth::find_application_scopes(tx, &client)? {
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
        // Somebody who is gone or dismissed gets none.
        Ok::<_, StoreError>(token::register(tx, &new, hash, now)?.is_ok())
    };
    if let Some(acting) = claimed.delivery.acting_user {
        claimed.acting_granted = issue(acting, &keys.acting)?;
    }
    claimed.own_granted = issue(claimed.delivery.bot, &keys.own)?;
    Ok(claimed)
}

/// Writes down what came of an attempt.
pub fn finish(tx: &mut dyn Tx, attempt: &Attempt, verdict: Verdict) -> Result<(), StoreError> {
    let (id, number) = (attempt.delivery, attempt.attempt);
    match verdict {
        Verdict::Delivered => delivery::delete(tx, id, number)?,
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
