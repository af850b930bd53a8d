//! Streams of events: subscribing and fetching (sources: fetching events).

use std::collections::BTreeSet;

use readmark_model::{
    Delivery, UserId,
    stream::{LISTENS, Recorded},
};
use readmark_store::{
    StoreError, Tx,
    repo::{delivery, stream},
};

use crate::{Cx, Interrupt, Rerun};

/// Part of one stream or of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// In id order.
    pub events: Vec<Recorded>,
    /// The offset of the next page; fetching from it acknowledges these events.
    pub next: i64,
    /// Whether more are waiting.
    pub has_more: bool,
}

/// Starts recording events for the acting user. No effect if already subscribed.
pub fn subscribe(cx: &mut Cx<'_>) -> Result<(), StoreError> {
    if !is_subscribed(cx, cx.user)? {
        stream::update_listens(cx.tx, cx.user, LISTENS)?;
    }
    Ok(())
}

/// Stops recording. Recorded events stay until they are acknowledged or too old.
pub fn unsubscribe(cx: &mut Cx<'_>) -> Result<(), StoreError> {
    if is_subscribed(cx, cx.user)? {
        stream::update_listens(cx.tx, cx.user, 0)?;
    }
    Ok(())
}

/// Whether events are recorded for a user.
pub fn is_subscribed(cx: &mut Cx<'_>, user: UserId) -> Result<bool, StoreError> {
    Ok(stream::find(cx.tx, user)? == Some(true))
}

/// The first events of some streams from `offset` on, merged by id; earlier events are deleted. Without an offset nothing is
/// deleted. No event appears later with an id smaller than [`Page::next`].
///
/// # Errors
/// [`Rerun::Writing`] where something must be deleted, or streams locked, and the transaction only reads.
pub fn fetch(
    cx: &mut Cx<'_>,
    owners: &BTreeSet<UserId>,
    offset: Option<i64>,
    limit: usize,
) -> Result<Page, Interrupt> {
    if cx.writable {
        acknowledge(cx, owners, offset)?;
    } else if !stream::is_read_freely(cx.tx) || has_acknowledged(cx, owners, offset)? {
        return Err(Interrupt::Rerun(Rerun::Writing));
    }
    let most = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut events = Vec::new();
    for owner in owners {
        events.extend(stream::list_from(cx.tx, *owner, offset.unwrap_or(0), most)?);
    }
    events.sort_by_key(|event| event.id);
    let has_more = events.len() > limit;
    events.truncate(limit);
    let next = match (events.last(), offset) {
        (Some(last), _) => last.id + 1,
        (None, Some(offset)) => offset,
        (None, None) => stream::get_last_id(cx.tx)? + 1,
    };
    Ok(Page {
        events,
        next,
        has_more,
    })
}

/// The positions from which a bot's events are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// In its stream.
    pub recorded: i64,
    /// In its deliveries. The two id sequences are independent.
    pub to_send: i64,
}

/// Events that wait for a bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// In its stream, in id order.
    pub recorded: Vec<Recorded>,
    /// To be sent to its handler, in id order.
    pub to_send: Vec<Delivery>,
}

/// How events are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// In a transaction that only reads.
    Reading,
    /// In a transaction that may write.
    Writing,
    /// In one that only reads, while nobody writes.
    Alone,
}

/// The events waiting for a bot from a position on, up to `limit` of each kind; nothing is acknowledged. If the store does
/// not assign ids in commit order the stream is locked, as for a fetch: otherwise an event could appear before one already
/// seen.
///
/// # Errors
/// [`Rerun::Writing`] where the stream must be locked and the transaction only reads.
pub fn peek(
    tx: &mut dyn Tx,
    look: Look,
    bot: UserId,
    from: Position,
    limit: i64,
) -> Result<Waiting, Interrupt> {
    match look {
        Look::Reading if !stream::is_read_freely(tx) => {
            return Err(Interrupt::Rerun(Rerun::Writing));
        }
        Look::Writing => stream::lock_exclusive(tx, bot)?,
        Look::Reading | Look::Alone => {}
    }
    Ok(Waiting {
        recorded: stream::list_from(tx, bot, from.recorded, limit)?,
        to_send: delivery::list_waiting_from(tx, bot, from.to_send, limit)?,
    })
}

fn acknowledge(
    cx: &mut Cx<'_>,
    owners: &BTreeSet<UserId>,
    offset: Option<i64>,
) -> Result<(), StoreError> {
    // In user order, like writers to several streams.
    for owner in owners {
        stream::lock_exclusive(cx.tx, *owner)?;
    }
    if let Some(offset) = offset {
        for owner in owners {
            stream::delete_before(cx.tx, *owner, offset)?;
        }
    }
    Ok(())
}

fn has_acknowledged(
    cx: &mut Cx<'_>,
    owners: &BTreeSet<UserId>,
    offset: Option<i64>,
) -> Result<bool, StoreError> {
    let Some(offset) = offset else {
        return Ok(false);
    };
    for owner in owners {
        if stream::has_before(cx.tx, *owner, offset)? {
            return Ok(true);
        }
    }
    Ok(false)
}
