//! Slash commands of bots, their texts in each language, and the calls that may still be answered.

use readmark_model::{
    ChatId, MessageId, Timestamp, UserId,
    command::{Command, CommandText},
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    repo::with_lock,
    sql::sql,
};

/// A call of a command that may be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// The message that contains the call, or the button or menu item that made it.
    pub message: MessageId,
    /// The command.
    pub command: i64,
    /// The chat of the message, where the answer goes.
    pub chat: ChatId,
    /// The caller.
    pub user: UserId,
    /// Until when it may be answered.
    pub expires_at: Timestamp,
}

columns! {
    Command from "commands c" {
        id: i64 = "c.id",
        bot: UserId = "c.bot_id",
        name: String = "c.name",
        folded: String = "c.folded",
        common: bool = "c.common",
        hidden: bool = "c.hidden",
        extranet_support: bool = "c.extranet_support",
    }
}

columns! {
    CommandText from "command_texts t" {
        language: String = "t.language",
        title: String = "t.title",
        params: String = "t.params",
    }
}

columns! {
    Pass from "command_calls" {
        message: MessageId = "message_id",
        command: i64 = "command_id",
        chat: ChatId = "chat_id",
        user: UserId = "user_id",
        expires_at: Timestamp = "expires_at",
    }
}

/// A command by its id.
pub fn find(tx: &mut dyn Tx, id: i64) -> Result<Option<Command>, StoreError> {
    tx.find(
        sql!(Command::SELECT, " WHERE c.id = ?1"),
        params![id],
        Command::from_row,
    )
}

/// A command of a bot by its folded name.
pub fn find_of_bot(
    tx: &mut dyn Tx,
    bot: UserId,
    folded: &str,
) -> Result<Option<Command>, StoreError> {
    tx.find(
        sql!(Command::SELECT, " WHERE c.bot_id = ?1 AND c.folded = ?2"),
        params![bot, folded],
        Command::from_row,
    )
}

/// The commands of all bots with a folded name, in the order of their ids.
pub fn list_named(tx: &mut dyn Tx, folded: &str) -> Result<Vec<Command>, StoreError> {
    tx.list(
        sql!(Command::SELECT, " WHERE c.folded = ?1 ORDER BY c.id"),
        params![folded],
        Command::from_row,
    )
}

/// Locks the commands that somebody in a chat can call by a folded name: those of bots in the chat, and common ones; for an
/// extranet user only those that support extranet users.
pub fn lock_shared_callable(
    tx: &mut dyn Tx,
    folded: &str,
    chat: ChatId,
    extranet: bool,
) -> Result<Vec<Command>, StoreError> {
    let sql = with_lock!(
        tx,
        sql!(
            Command::SELECT,
            " JOIN users u ON u.id = c.bot_id WHERE c.folded = ?1 AND u.active = 1 \
             AND (c.extranet_support = 1 OR ?3 = 0) AND (c.common = 1 OR EXISTS \
             (SELECT 1 FROM members m WHERE m.chat_id = ?2 AND m.user_id = c.bot_id)) ORDER BY c.id"
        ),
        "FOR KEY SHARE OF c"
    );
    tx.list(sql, params![folded, chat, extranet], Command::from_row)
}

/// Locks a command, so that it is not deleted meanwhile; `false` when it does not exist.
pub fn lock_shared(tx: &mut dyn Tx, id: i64) -> Result<bool, StoreError> {
    let sql = with_lock!(tx, "SELECT id FROM commands WHERE id = ?1", "FOR KEY SHARE");
    Ok(tx.find(sql, params![id], |_| Ok(()))?.is_some())
}

/// The commands of a bot in the order of ids, each with its texts in the order of languages.
pub fn list(tx: &mut dyn Tx, bot: UserId) -> Result<Vec<(Command, Vec<CommandText>)>, StoreError> {
    let rows = tx.list(
        sql!(
            "SELECT ",
            Command::COLUMNS,
            ", ",
            CommandText::COLUMNS,
            " FROM commands c LEFT JOIN command_texts t ON t.command_id = c.id WHERE c.bot_id = ?1 ORDER BY c.id, t.language"
        ),
        params![bot],
        <(Command, Option<CommandText>)>::from_row,
    )?;
    let mut commands: Vec<(Command, Vec<CommandText>)> = Vec::new();
    for (command, text) in rows {
        match commands
            .last_mut()
            .filter(|(last, _)| last.id == command.id)
        {
            Some((_, texts)) => texts.extend(text),
            None => commands.push((command, text.into_iter().collect())),
        }
    }
    Ok(commands)
}

/// The number of a bot's commands.
pub fn count(tx: &mut dyn Tx, bot: UserId) -> Result<i64, StoreError> {
    tx.get(
        "SELECT count(*) FROM commands WHERE bot_id = ?1",
        params![bot],
        |row| row.int(0),
    )
}

/// Adds a command and answers its id.
///
/// # Errors
/// [`StoreError::Conflict`] when the bot has one of this folded name.
pub fn insert(tx: &mut dyn Tx, new: &Command, now: Timestamp) -> Result<i64, StoreError> {
    tx.get(
        "INSERT INTO commands (bot_id, name, folded, common, hidden, extranet_support, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
        params![
            new.bot,
            &new.name,
            &new.folded,
            new.common,
            new.hidden,
            new.extranet_support,
            now
        ],
        |row| row.int(0),
    )
}

/// Writes everything of a command that can change.
///
/// # Errors
/// [`StoreError::Conflict`] when the bot has another one of this folded name.
pub fn update(tx: &mut dyn Tx, command: &Command) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE commands SET name = ?2, folded = ?3, common = ?4, hidden = ?5, extranet_support = ?6 WHERE id = ?1",
        params![
            command.id,
            &command.name,
            &command.folded,
            command.common,
            command.hidden,
            command.extranet_support
        ],
    )
    .map(drop)
}

/// Sets the texts of a command in one language.
pub fn put_text(tx: &mut dyn Tx, command: i64, text: &CommandText) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO command_texts (command_id, language, title, params) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (command_id, language) DO UPDATE SET title = excluded.title, params = excluded.params",
        params![command, &text.language, &text.title, &text.params],
    )
    .map(drop)
}

/// The texts of a command, in the order of languages.
pub fn list_texts(tx: &mut dyn Tx, command: i64) -> Result<Vec<CommandText>, StoreError> {
    tx.list(
        sql!(
            CommandText::SELECT,
            " WHERE command_id = ?1 ORDER BY language"
        ),
        params![command],
        CommandText::from_row,
    )
}

/// Deletes the texts of a command in one language.
pub fn delete_text(tx: &mut dyn Tx, command: i64, language: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM command_texts WHERE command_id = ?1 AND language = ?2",
        params![command, language],
    )
    .map(drop)
}

/// Deletes a command with its texts and calls; `false` when there was none.
pub fn delete(tx: &mut dyn Tx, id: i64) -> Result<bool, StoreError> {
    // The command first: whoever has it locked may be adding a call.
    if tx.execute("DELETE FROM commands WHERE id = ?1", params![id])? == 0 {
        return Ok(false);
    }
    tx.execute(
        "DELETE FROM command_texts WHERE command_id = ?1",
        params![id],
    )?;
    tx.execute(
        "DELETE FROM command_calls WHERE command_id = ?1",
        params![id],
    )?;
    Ok(true)
}

/// Allows a call to be answered, or extends the time for it.
pub fn put_pass(tx: &mut dyn Tx, pass: &Pass) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO command_calls (message_id, command_id, chat_id, user_id, expires_at) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (message_id, command_id) DO UPDATE SET user_id = excluded.user_id, expires_at = excluded.expires_at",
        params![
            pass.message,
            pass.command,
            pass.chat,
            pass.user,
            pass.expires_at
        ],
    )
    .map(drop)
}

/// The call of a command in a message, if it may still be answered.
pub fn find_pass(
    tx: &mut dyn Tx,
    message: MessageId,
    command: i64,
    now: Timestamp,
) -> Result<Option<Pass>, StoreError> {
    tx.find(
        sql!(
            Pass::SELECT,
            " WHERE message_id = ?1 AND command_id = ?2 AND expires_at > ?3"
        ),
        params![message, command, now],
        Pass::from_row,
    )
}

/// Deletes up to `limit` calls that can no longer be answered; answers how many.
pub fn delete_expired(tx: &mut dyn Tx, now: Timestamp, limit: i64) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM command_calls WHERE id IN \
         (SELECT id FROM command_calls WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
        params![now, limit],
    )
}
