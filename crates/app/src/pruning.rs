//! Deleting what is old: a little in each transaction, so that others run in between.

use readmark_model::Timestamp;
use readmark_store::{
    StoreError, Tx,
    repo::{auth, command, delivery, stream},
};

/// For how long access tokens that ended are told from those that never were, in milliseconds.
const KEEP_TOKENS: i64 = 24 * 60 * 60 * 1000;

/// What grows old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Old {
    /// Events of streams that nobody fetched.
    Events,
    /// Attempts to send events, and events that were given up.
    Deliveries,
    /// Access tokens that ended, but for the last one of an application.
    Tokens,
    /// Calls of commands that can no longer be answered.
    CommandCalls,
}

impl Old {
    /// Everything that grows old.
    pub const ALL: [Self; 4] = [
        Self::Events,
        Self::Deliveries,
        Self::Tokens,
        Self::CommandCalls,
    ];
}

/// For how long the operator keeps things, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Events of streams.
    pub events: i64,
    /// Attempts to send events, and events that were given up.
    pub deliveries: i64,
}

/// Deletes up to `limit` rows that are too old; answers how many. Fewer than `limit` means that none is left.
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
        Old::Tokens => auth::delete_expired_tokens(tx, before(KEEP_TOKENS), limit),
        Old::CommandCalls => command::delete_expired(tx, now, limit),
    }
}
