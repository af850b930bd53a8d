//! Deleting old rows: a few in each transaction, so that others run in between.

use readmark_model::Timestamp;
use readmark_store::{
    StoreError, Tx,
    repo::{auth, command, delivery, grant, sign_in, stream},
};

/// How long expired tokens and codes are still distinguished from unknown ones, in milliseconds.
const KEEP_TOKENS: i64 = 24 * 60 * 60 * 1000;

/// How long delivered events are kept for those who watch a bot, in milliseconds.
const KEEP_DELIVERED: i64 = 60 * 1000;

/// What is pruned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Old {
    /// Unfetched events of streams.
    Events,
    /// Attempts to send events, and events that were given up.
    Deliveries,
    /// Delivered events.
    Delivered,
    /// Expired access tokens, except an application's last one.
    Tokens,
    /// Calls of commands that can no longer be answered.
    CommandCalls,
    /// Expired authorisation codes.
    Codes,
    /// Expired refresh tokens.
    RefreshTokens,
    /// Grants whose last refresh token has expired.
    Grants,
    /// Expired sessions.
    Sessions,
}

impl Old {
    /// Everything that is pruned.
    pub const ALL: [Self; 9] = [
        Self::Events,
        Self::Deliveries,
        Self::Delivered,
        Self::Tokens,
        Self::CommandCalls,
        Self::Codes,
        Self::RefreshTokens,
        Self::Grants,
        Self::Sessions,
    ];
}

/// Retention periods, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Events of streams.
    pub events: i64,
    /// Attempts to send events, and events that were given up.
    pub deliveries: i64,
}

/// Deletes up to `limit` rows that are too old; returns how many. Fewer than `limit` means that none are left.
pub fn prune(
    tx: &mut dyn Tx,
    old: Old,
    keep: &Keep,
    now: Timestamp,
    limit: i64,
) -> Result<u64, StoreError> {
    let before = |kept: i64| Timestamp(now.get().saturating_sub(kept));
    match old {
        Old::Events => stream::delete_older(tx, before(keep.events), limit),
        Old::Deliveries => delivery::delete_older(tx, before(keep.deliveries), limit),
        Old::Delivered => delivery::delete_delivered(tx, before(KEEP_DELIVERED), limit),
        Old::Tokens => auth::delete_expired_tokens(tx, before(KEEP_TOKENS), limit),
        Old::CommandCalls => command::delete_expired(tx, now, limit),
        Old::Codes => grant::delete_expired_codes(tx, before(KEEP_TOKENS), limit),
        Old::RefreshTokens => grant::delete_expired_refresh(tx, before(KEEP_TOKENS), limit),
        Old::Sessions => sign_in::delete_expired_sessions(tx, now, limit),
        Old::Grants => grant::delete_expired(tx, before(KEEP_TOKENS), limit),
    }
}
