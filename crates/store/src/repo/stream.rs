//! Streams of events: one for each bot, and one for each user who ever subscribed.
//!
//! A poller continues after the last id that it saw, so no event may appear with a smaller one. On SQLite ids are assigned in the
//! order of commits. On PostgreSQL they are not; there whoever writes to a stream locks its row shared from before the id is
//! assigned until the commit, and whoever reads locks it exclusively. So a reader sees every event whose id was assigned before,
//! and every later one gets a greater id. Rows are locked in the order of their users.

use readmark_model::{
    ChatId, Seq, Timestamp, UserId,
    bot::Bot,
    stream::{Listener, Recorded},
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    dialect::Dialect,
    memory::Listeners,
    params,
    repo::{hot, with_lock},
    sql::sql,
};

columns! {
    Listener from "members m JOIN streams s ON s.user_id = m.user_id JOIN users u ON u.id = m.user_id \
         LEFT JOIN bots b ON b.user_id = m.user_id" {
        user: UserId = "m.user_id",
        listens: i64 = "m.listens",
        visible_from: Seq = "m.visible_from_seq",
        bot: Option<Bot> = Bot::COLUMNS,
    }
}

/// The members of a chat who listen to its events, in the order of ids. With a plus SQLite sorts these few rows, instead of reading
/// all members of the chat, which it would find sorted.
const LISTENERS: &str = sql!(
    Listener::SELECT,
    " WHERE m.chat_id = ?1 AND m.listens >= 1 AND u.active = 1 ORDER BY +m.user_id"
);

/// The members of a chat who listen to its events, in the order of ids. Costs a look-up for each of them, and nothing for the
/// other members.
pub fn list_listeners(tx: &mut dyn Tx, chat: ChatId) -> Result<Vec<Listener>, StoreError> {
    if !may_be_heard(tx, chat)? {
        return Ok(Vec::new());
    }
    tx.list(LISTENERS, params![chat], Listener::from_row)
}

/// Whether a chat can have listeners: `false` when it is known that there are none.
fn may_be_heard(tx: &mut dyn Tx, chat: ChatId) -> Result<bool, StoreError> {
    if tx.memory().is_none() {
        return Ok(true);
    }
    let known = hot::find::<Listeners>(tx, chat)?;
    Ok(known.is_none_or(|Listeners(listeners)| !listeners.is_empty()))
}

/// The same, with their streams locked (`FOR SHARE`), so that events can be written to them. Only for one chat per transaction:
/// the streams of a second one may come before them in the order of locking.
pub fn lock_shared_listeners(tx: &mut dyn Tx, chat: ChatId) -> Result<Vec<Listener>, StoreError> {
    if !may_be_heard(tx, chat)? {
        return Ok(Vec::new());
    }
    let sql = with_lock!(tx, LISTENERS, "FOR SHARE OF s");
    tx.list(sql, params![chat], Listener::from_row)
}

/// Locks a stream (`FOR SHARE`), so that events can be written to it.
pub fn lock_shared(tx: &mut dyn Tx, user: UserId) -> Result<(), StoreError> {
    let sql = with_lock!(
        tx,
        "SELECT user_id FROM streams WHERE user_id = ?1",
        "FOR SHARE"
    );
    tx.find(sql, params![user], |_| Ok(())).map(drop)
}

/// Whether a stream can be read in a transaction that does not write, because ids are assigned in the order of commits.
#[must_use]
pub fn is_read_freely(tx: &dyn Tx) -> bool {
    tx.dialect() == Dialect::Sqlite
}

/// Locks a stream, against [`lock_shared`] too (`FOR UPDATE`): every event that has an id can be seen then, and any other gets a
/// greater one.
pub fn lock_exclusive(tx: &mut dyn Tx, user: UserId) -> Result<(), StoreError> {
    let sql = with_lock!(
        tx,
        "SELECT user_id FROM streams WHERE user_id = ?1",
        "FOR UPDATE"
    );
    tx.find(sql, params![user], |_| Ok(())).map(drop)
}

/// Whether the owner of a stream listens; `None` without a stream.
pub fn find(tx: &mut dyn Tx, user: UserId) -> Result<Option<bool>, StoreError> {
    tx.find(
        "SELECT subscribed FROM streams WHERE user_id = ?1",
        params![user],
        |row| Ok(row.int(0)? >= 1),
    )
}

/// The owner of every stream and the level of listening, in the order of owners.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<(UserId, i64)>, StoreError> {
    tx.list(
        "SELECT user_id, subscribed FROM streams ORDER BY user_id",
        params![],
        |row| Ok((row.id(0)?, row.int(1)?)),
    )
}

/// Sets the level at which a user listens, in the stream and in every membership, and creates the stream if there is none. Waits
/// for chats that the user is joining, and they for it.
pub fn update_listens(tx: &mut dyn Tx, user: UserId, listens: i64) -> Result<(), StoreError> {
    // Members are locked before streams, as by everybody who sends a message and writes the event of it.
    let lock = with_lock!(tx, "SELECT id FROM users WHERE id = ?1", "FOR UPDATE");
    tx.find(lock, params![user], |_| Ok(()))?;
    tx.execute(
        "UPDATE members SET listens = ?2 WHERE user_id = ?1 AND listens <> ?2",
        params![user, listens],
    )?;
    tx.execute(
        "INSERT INTO streams (user_id, subscribed) VALUES (?1, ?2) \
         ON CONFLICT (user_id) DO UPDATE SET subscribed = excluded.subscribed WHERE streams.subscribed <> excluded.subscribed",
        params![user, listens],
    )
    .map(drop)
}

/// Deletes a stream with all its events.
pub fn delete(tx: &mut dyn Tx, user: UserId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM streams WHERE user_id = ?1", params![user])?;
    tx.execute(
        "DELETE FROM stream_events WHERE user_id = ?1",
        params![user],
    )
    .map(drop)
}

columns! {
    Recorded from "stream_events" {
        id: i64 = "id",
        user: UserId = "user_id",
        event: String = "event",
        data: String = "data",
        created_at: Timestamp = "created_at",
    }
}

/// Writes an event to a stream that is locked.
pub fn insert(
    tx: &mut dyn Tx,
    user: UserId,
    event: &str,
    data: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO stream_events (user_id, event, data, created_at) VALUES (?1, ?2, ?3, ?4)",
        params![user, event, data, now],
    )
    .map(drop)
}

/// Writes an event to a stream that is locked, in place of the one with the same subject that was not acknowledged yet.
pub fn insert_latest(
    tx: &mut dyn Tx,
    user: UserId,
    event: &str,
    data: &str,
    subject: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM stream_events WHERE user_id = ?1 AND subject = ?2",
        params![user, subject],
    )?;
    tx.execute(
        "INSERT INTO stream_events (user_id, event, data, subject, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![user, event, data, subject, now],
    )
    .map(drop)
}

/// The first events of a stream from an id on.
pub fn list_from(
    tx: &mut dyn Tx,
    user: UserId,
    from: i64,
    limit: i64,
) -> Result<Vec<Recorded>, StoreError> {
    tx.list(
        sql!(
            Recorded::SELECT,
            " WHERE user_id = ?1 AND id >= ?2 ORDER BY id LIMIT ?3"
        ),
        params![user, from, limit],
        Recorded::from_row,
    )
}

/// Whether a stream has an event before an id.
pub fn has_before(tx: &mut dyn Tx, user: UserId, id: i64) -> Result<bool, StoreError> {
    Ok(tx
        .find(
            "SELECT 1 FROM stream_events WHERE user_id = ?1 AND id < ?2 LIMIT 1",
            params![user, id],
            |_| Ok(()),
        )?
        .is_some())
}

/// Deletes the events of a stream before an id: they were acknowledged.
pub fn delete_before(tx: &mut dyn Tx, user: UserId, id: i64) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM stream_events WHERE user_id = ?1 AND id < ?2",
        params![user, id],
    )
    .map(drop)
}

/// The greatest id of any event that is kept, 0 for none.
pub fn get_last_id(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    tx.get(
        "SELECT coalesce(max(id), 0) FROM stream_events",
        params![],
        |row| row.int(0),
    )
}

/// Deletes up to `limit` of the oldest events that are older than `before`; answers how many.
pub fn delete_older(tx: &mut dyn Tx, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM stream_events WHERE id IN (SELECT id FROM (SELECT id, created_at FROM stream_events ORDER BY id \
         LIMIT ?2) oldest WHERE created_at < ?1)",
        params![before, limit],
    )
}
