//! Streams of events: one for each bot, and one for each user who ever subscribed.
//!
//! A poller goes on from the last id that it saw, so no event may appear behind it. On SQLite ids are given in the order of
//! commits. On PostgreSQL they are not; there whoever writes to a stream holds its row shared from before the id is drawn
//! until the commit, and whoever reads takes the row alone. So a reader sees every event whose id was drawn before, and
//! every later one gets a greater id. Rows are locked in the order of their users.

use readmark_model::{ChatId, Seq, Timestamp, UserId};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    dialect::Dialect,
    params,
    repo::{bot::Bot, with_lock},
    sql::sql,
};

/// The level at which somebody who has a stream is told what everybody is told.
pub const LISTENS: i64 = 1;

/// The level at which a bot is told of reads, too.
pub const LISTENS_TO_READS: i64 = 2;

/// A member of a chat who is told what happens there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Who.
    pub user: UserId,
    /// How much is told: 1 what everybody is told, more for further kinds of events.
    pub listens: i64,
    /// The first seq that the member may see.
    pub visible_from: Seq,
    /// The bot, where it is one.
    pub bot: Option<Bot>,
}

columns! {
    Listener from "members m JOIN streams s ON s.user_id = m.user_id JOIN users u ON u.id = m.user_id \
         LEFT JOIN bots b ON b.user_id = m.user_id" {
        user: UserId = "m.user_id",
        listens: i64 = "m.listens",
        visible_from: Seq = "m.visible_from_seq",
        bot: Option<Bot> = Bot::COLUMNS,
    }
}

/// The members of a chat who are told what happens there.
const LISTENERS: &str = sql!(
    Listener::SELECT,
    " WHERE m.chat_id = ?1 AND m.listens >= 1 AND u.active = 1 ORDER BY m.user_id"
);

/// The members of a chat who are told what happens there, in the order of their ids: as many look-ups as there are, however
/// many others the chat has.
pub fn list_listeners(tx: &mut dyn Tx, chat: ChatId) -> Result<Vec<Listener>, StoreError> {
    tx.list(LISTENERS, params![chat], Listener::from_row)
}

/// The same, with their streams locked shared (`FOR SHARE`), so that they can be written to. Only one chat's streams can be
/// locked so in a transaction, as the streams of another may come before them.
pub fn lock_shared_listeners(tx: &mut dyn Tx, chat: ChatId) -> Result<Vec<Listener>, StoreError> {
    let sql = with_lock!(tx, LISTENERS, "FOR SHARE OF s");
    tx.list(sql, params![chat], Listener::from_row)
}

/// Locks a stream shared (`FOR SHARE`), so that it can be written to.
pub fn lock_shared(tx: &mut dyn Tx, user: UserId) -> Result<(), StoreError> {
    let sql = with_lock!(
        tx,
        "SELECT user_id FROM streams WHERE user_id = ?1",
        "FOR SHARE"
    );
    tx.find(sql, params![user], |_| Ok(())).map(drop)
}

/// Whether a stream can be read in a transaction that does not write, as ids are given in the order of commits.
#[must_use]
pub fn is_read_freely(tx: &dyn Tx) -> bool {
    tx.dialect() == Dialect::Sqlite
}

/// Holds a stream alone: every event that has an id can be seen afterwards, and any other gets a greater one.
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

/// Every stream: whose it is, and how much its owner is told.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<(UserId, i64)>, StoreError> {
    tx.list(
        "SELECT user_id, subscribed FROM streams ORDER BY user_id",
        params![],
        |row| Ok((row.id(0)?, row.int(1)?)),
    )
}

/// How much a member is told of a chat: what it is told anywhere. Whoever joins meanwhile is waited for, and waits.
pub fn update_listens(tx: &mut dyn Tx, user: UserId, listens: i64) -> Result<(), StoreError> {
    // Members are held before streams, as by everybody who sends and tells of it.
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

/// Takes a stream away with everything in it.
pub fn delete(tx: &mut dyn Tx, user: UserId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM streams WHERE user_id = ?1", params![user])?;
    tx.execute(
        "DELETE FROM stream_events WHERE user_id = ?1",
        params![user],
    )
    .map(drop)
}

/// An event in a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its id: one sequence for all streams.
    pub id: i64,
    /// Whose stream.
    pub user: UserId,
    /// Its name.
    pub event: String,
    /// What it tells, as JSON.
    pub data: String,
    /// When it happened.
    pub created_at: Timestamp,
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

/// Writes an event to a stream that is held.
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

/// Writes an event to a stream that is held, in the place of one with the same subject that was not acknowledged yet.
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
