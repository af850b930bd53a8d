//! Bots: what a bot has in addition to the user of the same id.

use std::sync::Arc;

use readmark_model::{
    BotKind, BotOwner, Credential, EventMode, Timestamp, UserId,
    bot::{Bot, Generation},
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    memory::{BotRow, Fact, UserRow},
    params,
    repo::{hot, view::FullName, with_lock},
    sql::sql,
};

columns! {
    Bot from "bots b JOIN users u ON u.id = b.user_id" {
        user: UserId = "b.user_id",
        owner: BotOwner = "b.owner",
        code: String = "b.code",
        kind: BotKind = "b.kind",
        event_mode: EventMode = "b.event_mode",
        webhook_url: String = "b.webhook_url",
        hidden: bool = "b.hidden",
        reactions_enabled: bool = "b.reactions_enabled",
        openline: bool = "b.openline",
        background: Option<String> = "b.background_id",
        language: String = "b.language",
        count_message: i64 = "b.count_message",
        generation: Generation = "b.generation",
        application_token: String = "b.application_token",
        active: bool = "u.active",
    }
}

/// Locks the registry of bots, which serialises registrations and changes of owner, so that limits and collisions are
/// checked against the current rows.
pub fn lock_exclusive_registry(tx: &mut dyn Tx) -> Result<(), StoreError> {
    let sql = with_lock!(
        tx,
        "SELECT id FROM portal WHERE id = 1",
        "FOR NO KEY UPDATE"
    );
    tx.find(sql, params![], |_| Ok(())).map(drop)
}

/// Locks a bot, so that it is not deleted and nobody else changes what belongs to it; `false` when it does not exist.
pub fn lock_exclusive(tx: &mut dyn Tx, id: UserId) -> Result<bool, StoreError> {
    let sql = with_lock!(
        tx,
        "SELECT user_id FROM bots WHERE user_id = ?1",
        "FOR NO KEY UPDATE"
    );
    Ok(tx.find(sql, params![id], |_| Ok(()))?.is_some())
}

/// A bot by its user's id.
pub fn find(tx: &mut dyn Tx, id: UserId) -> Result<Option<Bot>, StoreError> {
    if tx.memory().is_some() {
        let found = hot::find::<BotRow>(tx, id)?;
        return Ok(found.map(|BotRow(bot)| Bot::clone(&bot)));
    }
    tx.find(
        sql!(Bot::SELECT, " WHERE b.user_id = ?1"),
        params![id],
        Bot::from_row,
    )
}

/// A bot by its code.
pub fn find_by_code(tx: &mut dyn Tx, code: &str) -> Result<Option<Bot>, StoreError> {
    tx.find(
        sql!(Bot::SELECT, " WHERE b.code = ?1"),
        params![code],
        Bot::from_row,
    )
}

/// The first bot of an owner that is not dismissed, in the order of ids.
pub fn find_first(tx: &mut dyn Tx, owner: &BotOwner) -> Result<Option<Bot>, StoreError> {
    tx.find(
        sql!(
            Bot::SELECT,
            " WHERE b.owner = ?1 AND u.active = 1 ORDER BY b.user_id LIMIT 1"
        ),
        params![&owner.to_string()],
        Bot::from_row,
    )
}

/// The bots of an owner, of one kind or of all, in the order of ids.
pub fn list(
    tx: &mut dyn Tx,
    owner: &BotOwner,
    kind: Option<BotKind>,
    offset: i64,
    limit: i64,
) -> Result<Vec<Bot>, StoreError> {
    tx.list(
        sql!(
            Bot::SELECT,
            " WHERE b.owner = ?1 AND (b.kind = ?2 OR ?2 = '') ORDER BY b.user_id LIMIT ?4 OFFSET ?3"
        ),
        params![
            &owner.to_string(),
            kind.map_or("", BotKind::as_str),
            offset,
            limit
        ],
        Bot::from_row,
    )
}

/// A bot in short, for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BriefBot {
    /// Its user.
    pub id: UserId,
    /// Its full name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// Whether it serves open channels.
    pub openline: bool,
}

columns! {
    BriefBot from "bots b JOIN users u ON u.id = b.user_id" {
        id: UserId = "b.user_id",
        name: FullName = "u.name, u.last_name" => |name| Ok(name.0),
        code: String = "b.code",
        openline: bool = "b.openline",
    }
}

/// Every bot that is not dismissed, in the order of ids.
pub fn list_brief(tx: &mut dyn Tx) -> Result<Vec<BriefBot>, StoreError> {
    tx.list(
        sql!(BriefBot::SELECT, " WHERE u.active = 1 ORDER BY b.user_id"),
        params![],
        BriefBot::from_row,
    )
}

/// Every bot, including dismissed ones, in the order of ids.
pub fn list_all(tx: &mut dyn Tx) -> Result<Vec<Bot>, StoreError> {
    tx.list(
        sql!(Bot::SELECT, " ORDER BY b.user_id"),
        params![],
        Bot::from_row,
    )
}

/// The number of bots that belong to an owner or, where a registrar is given, were registered by it.
pub fn count(
    tx: &mut dyn Tx,
    owner: &BotOwner,
    registrar: Option<&Credential>,
) -> Result<i64, StoreError> {
    let registrar = registrar.map(registrar_text);
    tx.get(
        "SELECT count(*) FROM bots WHERE owner = ?1 OR registrar = ?2",
        params![&owner.to_string(), registrar.as_deref()],
        |row| row.int(0),
    )
}

/// Whether an owner has a bot other than this one.
pub fn has_another(tx: &mut dyn Tx, owner: &BotOwner, except: UserId) -> Result<bool, StoreError> {
    Ok(tx
        .find(
            "SELECT 1 FROM bots WHERE owner = ?1 AND user_id <> ?2 LIMIT 1",
            params![&owner.to_string(), except],
            |_| Ok(()),
        )?
        .is_some())
}

/// The application or webhook that registered a bot, as stored.
fn registrar_text(registrar: &Credential) -> String {
    match registrar {
        Credential::Application(client) => format!("app:{client}"),
        Credential::Webhook(id) => format!("webhook:{id}"),
        Credential::Operator | Credential::FileLink => "operator".to_owned(),
    }
}

/// Adds a bot to its user. `registrar` is the application or webhook that made it.
///
/// # Errors
/// [`StoreError::Conflict`] when the code is taken.
pub fn insert(
    tx: &mut dyn Tx,
    bot: &Bot,
    registrar: &Credential,
    now: Timestamp,
) -> Result<(), StoreError> {
    hot::execute_on_user(
        tx,
        bot.user,
        "INSERT INTO bots (user_id, owner, registrar, code, kind, event_mode, webhook_url, hidden, reactions_enabled, \
         openline, background_id, language, created_at, count_message, generation, application_token) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, ?14, ?15)",
        params![
            bot.user,
            &bot.owner.to_string(),
            &registrar_text(registrar),
            &bot.code,
            bot.kind.as_str(),
            bot.event_mode.as_str(),
            &bot.webhook_url,
            bot.hidden,
            bot.reactions_enabled,
            bot.openline,
            bot.background.as_deref(),
            &bot.language,
            now,
            bot.generation.code(),
            &bot.application_token,
        ],
    )
    .map(drop)
}

/// Writes everything of a bot that can change, except its counts.
pub fn update(tx: &mut dyn Tx, bot: &Bot) -> Result<(), StoreError> {
    hot::execute_on_user(
        tx,
        bot.user,
        "UPDATE bots SET owner = ?2, event_mode = ?3, webhook_url = ?4, hidden = ?5, reactions_enabled = ?6, \
         openline = ?7, background_id = ?8, application_token = ?9, code = ?10 WHERE user_id = ?1",
        params![
            bot.user,
            &bot.owner.to_string(),
            bot.event_mode.as_str(),
            &bot.webhook_url,
            bot.hidden,
            bot.reactions_enabled,
            bot.openline,
            bot.background.as_deref(),
            &bot.application_token,
            &bot.code,
        ],
    )
    .map(drop)
}

/// Adds to the number of messages sent by a bot.
pub fn count_messages(tx: &mut dyn Tx, id: UserId, sent: i64) -> Result<(), StoreError> {
    hot::execute(
        tx,
        UserRow::TABLES | BotRow::TABLES,
        |tx| {
            tx.execute(
                "UPDATE bots SET count_message = count_message + ?2 WHERE user_id = ?1",
                params![id, sent],
            )
        },
        |memory, _| {
            memory.change::<BotRow>(id, |BotRow(bot)| Arc::make_mut(bot).count_message += sent);
        },
    )
    .map(drop)
}

/// Deletes a bot but not its user; `false` when there was none.
pub fn delete(tx: &mut dyn Tx, id: UserId) -> Result<bool, StoreError> {
    let sql = "DELETE FROM bots WHERE user_id = ?1";
    Ok(hot::execute_on_user(tx, id, sql, params![id])? > 0)
}

/// The number of chats that a bot is in, and of people who share one with it. Private chats without a message do not count.
pub fn count_chats_and_people(tx: &mut dyn Tx, id: UserId) -> Result<(i64, i64), StoreError> {
    tx.get(
        "SELECT (SELECT count(*) FROM members m JOIN chats c ON c.id = m.chat_id WHERE m.user_id = ?1 AND \
         (c.kind <> 1 OR c.message_count > 0)), (SELECT count(DISTINCT o.user_id) FROM members m \
         JOIN chats c ON c.id = m.chat_id JOIN members o ON o.chat_id = m.chat_id JOIN users u ON u.id = o.user_id \
         WHERE m.user_id = ?1 AND (c.kind <> 1 OR c.message_count > 0) AND u.kind = 0)",
        params![id],
        |row| Ok((row.int(0)?, row.int(1)?)),
    )
}
