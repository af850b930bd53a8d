//! Events on their way to the handlers of bots.
//!
//! A lane is the queue of events for one bot at one address. Its head, the waiting event with the lowest id, is sent before all
//! others of the lane. Whoever sends it claims it first, which counts the attempt and postpones the next one: nobody else sends
//! it until then, and a claim whose holder is gone expires by itself.

use readmark_model::{
    Timestamp, UserId,
    bot::Handler,
    delivery::{Attempt, Delivery, Head, Lane},
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    dialect::Dialect,
    params,
    sql::sql,
};

/// An event to be sent.
#[derive(Clone, Copy, Debug)]
pub struct NewDelivery<'a> {
    /// The handler.
    pub handler: &'a Handler,
    /// Its data as JSON, without what is known only when it is sent.
    pub data: &'a str,
    /// The bot as it is now, as JSON: it may not exist any more when the event is sent.
    pub bot: &'a str,
    /// The user who caused it, if any.
    pub acting_user: Option<UserId>,
}

columns! {
    Delivery from "deliveries" {
        id: i64 = "id",
        bot: UserId = "bot_id",
        url: String = "url",
        handler: i64 = "handler_id",
        event: String = "event",
        data: String = "data",
        snapshot: String = "bot",
        acting_user: Option<UserId> = "acting_user_id",
        created_at: Timestamp = "created_at",
        given_up: bool = "CASE WHEN state = 1 THEN 1 ELSE 0 END",
        attempts: i64 = "attempts",
        next_attempt_at: Timestamp = "next_attempt_at",
        replayed_at: Timestamp = "replayed_at",
    }
}

columns! {
    Lane from "deliveries d" {
        bot: UserId = "d.bot_id",
        url: String = "d.url",
    }
}

columns! {
    Head from "deliveries d" {
        lane: Lane = Lane::COLUMNS,
        attempts: i64 = "d.attempts",
        next_attempt_at: Timestamp = "d.next_attempt_at",
    }
}

columns! {
    Attempt from "delivery_attempts" {
        delivery: i64 = "delivery_id",
        bot: UserId = "bot_id",
        url: String = "url",
        event: String = "event",
        attempt: i64 = "attempt",
        attempted_at: Timestamp = "attempted_at",
        duration: i64 = "duration",
        status: i64 = "status",
        error: String = "error",
    }
}

/// Appends an event to its lane.
pub fn insert(tx: &mut dyn Tx, new: &NewDelivery<'_>, now: Timestamp) -> Result<(), StoreError> {
    put(tx, new, None, now)
}

/// Appends an event to its lane and drops the one with the same subject, unless an attempt to send that was begun.
pub fn insert_latest(
    tx: &mut dyn Tx,
    new: &NewDelivery<'_>,
    subject: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM deliveries WHERE bot_id = ?1 AND subject = ?2 AND state = 0 AND attempts = 0",
        params![new.handler.bot, subject],
    )?;
    put(tx, new, Some(subject), now)
}

fn put(
    tx: &mut dyn Tx,
    new: &NewDelivery<'_>,
    subject: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO deliveries (bot_id, url, handler_id, event, data, bot, acting_user_id, created_at, state, attempts, \
         next_attempt_at, subject) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, ?8, ?9)",
        params![
            new.handler.bot,
            &new.handler.url,
            new.handler.id,
            &new.handler.event,
            new.data,
            new.bot,
            new.acting_user,
            now,
            subject,
        ],
    )
    .map(drop)
}

/// The head of every lane, the oldest first. Costs one look-up per lane, however many events wait.
pub fn list_heads(tx: &mut dyn Tx) -> Result<Vec<Head>, StoreError> {
    tx.list(
        sql!(
            "WITH RECURSIVE heads (id) AS ( \
         SELECT * FROM (SELECT id FROM deliveries WHERE state = 0 ORDER BY bot_id, url, id LIMIT 1) least \
         UNION ALL \
         SELECT (SELECT n.id FROM deliveries n WHERE n.state = 0 AND (n.bot_id, n.url) > (d.bot_id, d.url) \
         ORDER BY n.bot_id, n.url, n.id LIMIT 1) FROM heads JOIN deliveries d ON d.id = heads.id) ",
            "SELECT ",
            Head::COLUMNS,
            " FROM heads JOIN deliveries d ON d.id = heads.id ORDER BY d.id"
        ),
        params![],
        Head::from_row,
    )
}

/// The head of a lane, or `None` when nothing waits in it.
pub fn find_head(tx: &mut dyn Tx, lane: &Lane) -> Result<Option<Delivery>, StoreError> {
    tx.find(
        sql!(
            Delivery::SELECT,
            " WHERE state = 0 AND bot_id = ?1 AND url = ?2 ORDER BY id LIMIT 1"
        ),
        params![lane.bot, &lane.url],
        Delivery::from_row,
    )
}

/// Begins the next attempt to send a head, and postpones the one after it to `until`; `false` when somebody else claimed it
/// first.
pub fn claim(
    tx: &mut dyn Tx,
    head: &Delivery,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let claimed = tx.execute(
        "UPDATE deliveries SET attempts = attempts + 1, next_attempt_at = ?4 \
         WHERE id = ?1 AND state = 0 AND attempts = ?2 AND next_attempt_at <= ?3",
        params![head.id, head.attempts, now, until],
    )?;
    Ok(claimed > 0)
}

/// Releases the claims of a server that is gone, and makes what failed due now. Only on SQLite, where no other server can be
/// sending; on PostgreSQL claims expire by themselves.
pub fn release_heads(tx: &mut dyn Tx, now: Timestamp) -> Result<(), StoreError> {
    if tx.dialect() == Dialect::Postgres {
        return Ok(());
    }
    for head in list_heads(tx)? {
        if head.next_attempt_at > now {
            tx.execute(
                "UPDATE deliveries SET next_attempt_at = ?3 WHERE id = \
                 (SELECT id FROM deliveries WHERE state = 0 AND bot_id = ?1 AND url = ?2 ORDER BY id LIMIT 1)",
                params![head.lane.bot, &head.lane.url, now],
            )?;
        }
    }
    Ok(())
}

/// Takes an event that its handler received at a time out of its lane. It stays for those who watch the bot, until
/// [`delete_delivered`]. Does nothing when somebody else has claimed it since.
pub fn deliver(tx: &mut dyn Tx, id: i64, attempt: i64, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET state = 2, next_attempt_at = ?3 WHERE id = ?1 AND attempts = ?2",
        params![id, attempt, at],
    )
    .map(drop)
}

/// Deletes up to `limit` of the events that were delivered before a time, the oldest first; answers how many.
pub fn delete_delivered(tx: &mut dyn Tx, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE state = 2 AND next_attempt_at < ?1 \
         ORDER BY next_attempt_at LIMIT ?2)",
        params![before, limit],
    )
}

/// Postpones an event whose attempt failed; as [`deliver`] otherwise.
pub fn postpone(
    tx: &mut dyn Tx,
    id: i64,
    attempt: i64,
    until: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET next_attempt_at = ?3 WHERE id = ?1 AND attempts = ?2 AND state = 0",
        params![id, attempt, until],
    )
    .map(drop)
}

/// Gives an event up; as [`deliver`] otherwise.
pub fn give_up(tx: &mut dyn Tx, id: i64, attempt: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET state = 1 WHERE id = ?1 AND attempts = ?2 AND state = 0",
        params![id, attempt],
    )
    .map(drop)
}

/// Gives up the events that have waited in a lane since before a time.
pub fn give_up_older(tx: &mut dyn Tx, lane: &Lane, before: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET state = 1 \
         WHERE state = 0 AND bot_id = ?1 AND url = ?2 AND created_at < ?3 AND replayed_at < ?3",
        params![lane.bot, &lane.url, before],
    )
    .map(drop)
}

/// Deletes the events that wait to be sent to a bot, except the one that says that the bot is deleted.
pub fn delete_waiting(tx: &mut dyn Tx, bot: UserId) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM deliveries WHERE state = 0 AND bot_id = ?1 AND event NOT IN ('ONIMBOTV2DELETE', 'ONIMBOTDELETE')",
        params![bot],
    )
    .map(drop)
}

/// Redirects the events for a handler of a bot to the handler that replaces it. Those that were given up move too, so that a
/// replay sends them there: a wrong address is why most events are given up.
pub fn redirect(
    tx: &mut dyn Tx,
    bot: UserId,
    old_handler: i64,
    new_handler: i64,
    url: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET url = ?4, handler_id = ?3 WHERE bot_id = ?1 AND handler_id = ?2 AND state <> 2",
        params![bot, old_handler, new_handler, url],
    )
    .map(drop)
}

/// An event by its id.
pub fn find(tx: &mut dyn Tx, id: i64) -> Result<Option<Delivery>, StoreError> {
    tx.find(
        sql!(Delivery::SELECT, " WHERE id = ?1"),
        params![id],
        Delivery::from_row,
    )
}

/// Events that wait or, with `given_up`, were given up, of one bot or of all, in the order of ids.
pub fn list(
    tx: &mut dyn Tx,
    given_up: bool,
    bot: Option<UserId>,
    limit: i64,
) -> Result<Vec<Delivery>, StoreError> {
    tx.list(
        sql!(
            Delivery::SELECT,
            " WHERE state = ?1 AND (bot_id = ?2 OR ?2 = 0) ORDER BY id LIMIT ?3"
        ),
        params![given_up, bot.unwrap_or_default(), limit],
        Delivery::from_row,
    )
}

/// The first events from an id on that wait to be sent to a bot, in the order of ids.
pub fn list_waiting_from(
    tx: &mut dyn Tx,
    bot: UserId,
    from: i64,
    limit: i64,
) -> Result<Vec<Delivery>, StoreError> {
    tx.list(
        sql!(
            Delivery::SELECT,
            " WHERE state = 0 AND bot_id = ?1 AND id >= ?2 ORDER BY id LIMIT ?3"
        ),
        params![bot, from, limit],
        Delivery::from_row,
    )
}

/// The events that [`replay`] sends: those that were given up, unless the bot still exists and has no handler for them any
/// more, which means that it no longer wants them.
const REPLAYABLE: &str = "state = 1 AND (EXISTS (SELECT 1 FROM event_handlers h WHERE h.id = deliveries.handler_id) \
     OR NOT EXISTS (SELECT 1 FROM bots b WHERE b.user_id = deliveries.bot_id))";

/// Whether [`replay`] sends an event again.
pub fn is_replayable(tx: &mut dyn Tx, id: i64) -> Result<bool, StoreError> {
    let found = tx.find(
        sql!("SELECT id FROM deliveries WHERE id = ?1 AND ", REPLAYABLE),
        params![id],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Replays an event that was given up; `false` when there is none, or nobody handles it any more.
pub fn replay(tx: &mut dyn Tx, id: i64, now: Timestamp) -> Result<bool, StoreError> {
    let replayed = tx.execute(
        sql!(
            "UPDATE deliveries SET state = 0, attempts = 0, next_attempt_at = ?2, replayed_at = ?2 WHERE id = ?1 AND ",
            REPLAYABLE
        ),
        params![id, now],
    )?;
    Ok(replayed > 0)
}

/// Replays the events that were given up, of one bot or of all, unless nobody handles them any more; answers how many.
pub fn replay_all(tx: &mut dyn Tx, bot: Option<UserId>, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        sql!(
            "UPDATE deliveries SET state = 0, attempts = 0, next_attempt_at = ?2, replayed_at = ?2 \
             WHERE (bot_id = ?1 OR ?1 = 0) AND ",
            REPLAYABLE
        ),
        params![bot.unwrap_or_default(), now],
    )
}

/// Records an attempt.
pub fn insert_attempt(tx: &mut dyn Tx, attempt: &Attempt) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO delivery_attempts (delivery_id, bot_id, url, event, attempt, attempted_at, duration, status, error) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            attempt.delivery,
            attempt.bot,
            &attempt.url,
            &attempt.event,
            attempt.attempt,
            attempt.attempted_at,
            attempt.duration,
            attempt.status,
            &attempt.error,
        ],
    )
    .map(drop)
}

/// The attempts to send an event, the oldest first.
pub fn list_attempts(tx: &mut dyn Tx, delivery: i64) -> Result<Vec<Attempt>, StoreError> {
    tx.list(
        sql!(Attempt::SELECT, " WHERE delivery_id = ?1 ORDER BY id"),
        params![delivery],
        Attempt::from_row,
    )
}

/// The latest attempts, of one bot or of all, the latest first.
pub fn list_latest_attempts(
    tx: &mut dyn Tx,
    bot: Option<UserId>,
    limit: i64,
) -> Result<Vec<Attempt>, StoreError> {
    tx.list(
        sql!(
            Attempt::SELECT,
            " WHERE bot_id = ?1 OR ?1 = 0 ORDER BY id DESC LIMIT ?2"
        ),
        params![bot.unwrap_or_default(), limit],
        Attempt::from_row,
    )
}

/// The latest attempts for a bot that began at a time or later, up to `limit`, the oldest first.
pub fn list_attempts_since(
    tx: &mut dyn Tx,
    bot: UserId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Attempt>, StoreError> {
    let mut latest = tx.list(
        sql!(
            Attempt::SELECT,
            " WHERE bot_id = ?1 AND attempted_at >= ?2 ORDER BY attempted_at DESC, id DESC LIMIT ?3"
        ),
        params![bot, since, limit],
        Attempt::from_row,
    )?;
    latest.reverse();
    Ok(latest)
}

/// Deletes up to `limit` of the oldest attempts that began before a time, and up to `limit` of the oldest events that were given
/// up and are older; answers the greater of both numbers.
pub fn delete_older(tx: &mut dyn Tx, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    let attempts = tx.execute(
        "DELETE FROM delivery_attempts WHERE id IN (SELECT id FROM delivery_attempts WHERE attempted_at < ?1 \
         ORDER BY attempted_at LIMIT ?2)",
        params![before, limit],
    )?;
    let dead = tx.execute(
        "DELETE FROM deliveries WHERE id IN (SELECT id FROM (SELECT id, created_at, replayed_at FROM deliveries \
         WHERE state = 1 ORDER BY id LIMIT ?2) oldest WHERE created_at < ?1 AND replayed_at < ?1)",
        params![before, limit],
    )?;
    Ok(attempts.max(dead))
}
