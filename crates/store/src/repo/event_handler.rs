//! Handlers: where the events of a bot are sent.

use readmark_model::{Timestamp, UserId, bot::Handler};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    repo::{delivery, stream},
    sql::sql,
};

columns! {
    Handler from "event_handlers" {
        id: i64 = "id",
        bot: UserId = "bot_id",
        event: String = "event",
        command: i64 = "command_id",
        url: String = "url",
    }
}

/// The handler of a bot for an event; `command` is 0 for events of no command.
pub fn find(
    tx: &mut dyn Tx,
    bot: UserId,
    event: &str,
    command: i64,
) -> Result<Option<Handler>, StoreError> {
    tx.find(
        sql!(
            Handler::SELECT,
            " WHERE bot_id = ?1 AND event = ?2 AND command_id = ?3"
        ),
        params![bot, event, command],
        Handler::from_row,
    )
}

/// Every handler, in the order of ids.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<Handler>, StoreError> {
    tx.list(
        sql!(Handler::SELECT, " ORDER BY id"),
        params![],
        Handler::from_row,
    )
}

/// Sets the handler of a bot for an event. Events for the previous one, waiting or given up, go to the new one. The bot's stream
/// is locked exclusively, which waits for everybody who is recording an event for the bot: otherwise that would wait for a
/// handler that is gone.
pub fn replace(
    tx: &mut dyn Tx,
    bot: UserId,
    event: &str,
    command: i64,
    url: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    stream::lock_exclusive(tx, bot)?;
    let old = find(tx, bot, event, command)?;
    tx.execute(
        "DELETE FROM event_handlers WHERE bot_id = ?1 AND event = ?2 AND command_id = ?3",
        params![bot, event, command],
    )?;
    let id = tx.get(
        "INSERT INTO event_handlers (bot_id, event, command_id, url, created_at) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
        params![bot, event, command, url, now],
        |row| row.int(0),
    )?;
    match old {
        Some(old) => delivery::redirect(tx, bot, old.id, id, url),
        None => Ok(()),
    }
}

/// Deletes the handler of a bot for an event; `command` is 0 for events of no command. Locks the bot's stream as [`replace`] does.
pub fn delete(tx: &mut dyn Tx, bot: UserId, event: &str, command: i64) -> Result<(), StoreError> {
    stream::lock_exclusive(tx, bot)?;
    tx.execute(
        "DELETE FROM event_handlers WHERE bot_id = ?1 AND event = ?2 AND command_id = ?3",
        params![bot, event, command],
    )
    .map(drop)
}

/// Deletes every handler of a bot; locks its stream as [`replace`] does.
pub fn delete_all(tx: &mut dyn Tx, bot: UserId) -> Result<(), StoreError> {
    stream::lock_exclusive(tx, bot)?;
    tx.execute("DELETE FROM event_handlers WHERE bot_id = ?1", params![bot])
        .map(drop)
}
