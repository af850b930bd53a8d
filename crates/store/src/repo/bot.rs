//! Bots: what a bot is beside the user of the same id.

pub use readmark_model::bot::Bot;
use readmark_model::{BotKind, EventMode, Timestamp, UserId, bot::Generation};

use crate::{
    StoreError, Tx, TxExt, params,
    repo::{locking, view},
    tx::Row,
};

macro_rules! bot_columns {
    () => {
        "b.user_id, b.owner, b.code, b.kind, b.event_mode, b.webhook_url, b.hidden, b.reactions_enabled, b.openline, \
         b.background_id, b.language, b.count_message, b.generation, b.application_token, u.active"
    };
}
pub(crate) use bot_columns;

macro_rules! select_bot {
    () => {
        concat!(
            "SELECT ",
            bot_columns!(),
            " FROM bots b JOIN users u ON u.id = b.user_id"
        )
    };
}

pub(crate) fn bot(row: &dyn Row) -> Result<Bot, StoreError> {
    Ok(Bot {
        user: row.id(0)?,
        owner: row.string(1)?,
        code: row.string(2)?,
        kind: BotKind::parse(row.text(3)?).ok_or(StoreError::Decode("unknown kind of bot"))?,
        event_mode: EventMode::parse(row.text(4)?)
            .ok_or(StoreError::Decode("unknown event mode"))?,
        webhook_url: row.string(5)?,
        hidden: row.bool(6)?,
        reactions_enabled: row.bool(7)?,
        openline: row.bool(8)?,
        background: row.opt_text(9)?.map(str::to_owned),
        language: row.string(10)?,
        count_message: row.int(11)?,
        generation: Generation::from_code(row.int(12)?)
            .ok_or(StoreError::Decode("unknown generation of bot"))?,
        application_token: row.string(13)?,
        active: row.bool(14)?,
    })
}

/// Makes everybody who registers a bot or changes a bot's owner wait until this transaction ends, so that limits and
/// collisions are judged by what is really there.
pub fn lock_registry(tx: &mut dyn Tx) -> Result<(), StoreError> {
    let sql = locking!(
        tx,
        true,
        "SELECT id FROM portal WHERE id = 1",
        "FOR NO KEY UPDATE"
    );
    tx.find(sql, params![], |_| Ok(())).map(drop)
}

/// Holds a bot until the transaction ends, so that it is not taken away and nobody else changes what belongs to it; `false` when it
/// is gone.
pub fn hold(tx: &mut dyn Tx, id: UserId) -> Result<bool, StoreError> {
    let sql = locking!(
        tx,
        true,
        "SELECT user_id FROM bots WHERE user_id = ?1",
        "FOR NO KEY UPDATE"
    );
    Ok(tx.find(sql, params![id], |_| Ok(()))?.is_some())
}

/// A bot by its user's id.
pub fn find(tx: &mut dyn Tx, id: UserId) -> Result<Option<Bot>, StoreError> {
    tx.find(
        concat!(select_bot!(), " WHERE b.user_id = ?1"),
        params![id],
        bot,
    )
}

/// A bot by its code.
pub fn find_by_code(tx: &mut dyn Tx, code: &str) -> Result<Option<Bot>, StoreError> {
    tx.find(
        concat!(select_bot!(), " WHERE b.code = ?1"),
        params![code],
        bot,
    )
}

/// The first bot of an owner that is not dismissed, in the order of ids.
pub fn find_first(tx: &mut dyn Tx, owner: &str) -> Result<Option<Bot>, StoreError> {
    tx.find(
        concat!(
            select_bot!(),
            " WHERE b.owner = ?1 AND u.active = 1 ORDER BY b.user_id LIMIT 1"
        ),
        params![owner],
        bot,
    )
}

/// The bots of an owner, of one kind or of all, in the order of ids.
pub fn list(
    tx: &mut dyn Tx,
    owner: &str,
    kind: Option<BotKind>,
    offset: i64,
    limit: i64,
) -> Result<Vec<Bot>, StoreError> {
    tx.list(
        concat!(
            select_bot!(),
            " WHERE b.owner = ?1 AND (b.kind = ?2 OR ?2 = '') ORDER BY b.user_id LIMIT ?4 OFFSET ?3"
        ),
        params![owner, kind.map_or("", BotKind::as_str), offset, limit],
        bot,
    )
}

/// A bot in brief.
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

/// Every bot that is not dismissed, in the order of ids.
pub fn list_all(tx: &mut dyn Tx) -> Result<Vec<BriefBot>, StoreError> {
    tx.list(
        "SELECT b.user_id, u.name, u.last_name, b.code, b.openline FROM bots b JOIN users u ON u.id = b.user_id \
         WHERE u.active = 1 ORDER BY b.user_id",
        params![],
        |row| {
            Ok(BriefBot {
                id: row.id(0)?,
                name: view::full_name(row.text(1)?, row.text(2)?),
                code: row.string(3)?,
                openline: row.bool(4)?,
            })
        },
    )
}

/// Every bot with all that is stored, dismissed ones too, in the order of ids.
pub fn list_everything(tx: &mut dyn Tx) -> Result<Vec<Bot>, StoreError> {
    tx.list(
        concat!(select_bot!(), " ORDER BY b.user_id"),
        params![],
        bot,
    )
}

/// The number of bots that belong to an owner or were registered by a registrar.
pub fn count(tx: &mut dyn Tx, owner: &str, registrar: &str) -> Result<i64, StoreError> {
    tx.get(
        "SELECT count(*) FROM bots WHERE owner = ?1 OR registrar = ?2",
        params![owner, registrar],
        |row| row.int(0),
    )
}

/// Whether an owner has a bot other than this one.
pub fn has_another(tx: &mut dyn Tx, owner: &str, except: UserId) -> Result<bool, StoreError> {
    Ok(tx
        .find(
            "SELECT 1 FROM bots WHERE owner = ?1 AND user_id <> ?2 LIMIT 1",
            params![owner, except],
            |_| Ok(()),
        )?
        .is_some())
}

/// Adds a bot to its user. `registrar` is the application or webhook that made it.
///
/// # Errors
/// [`StoreError::Conflict`] when the code is taken.
pub fn insert(
    tx: &mut dyn Tx,
    bot: &Bot,
    registrar: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO bots (user_id, owner, registrar, code, kind, event_mode, webhook_url, hidden, reactions_enabled, \
         openline, background_id, language, created_at, count_message, generation, application_token) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, ?14, ?15)",
        params![
            bot.user,
            &bot.owner,
            registrar,
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

/// Writes everything of a bot that can change, except its numbers.
pub fn update(tx: &mut dyn Tx, bot: &Bot) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE bots SET owner = ?2, event_mode = ?3, webhook_url = ?4, hidden = ?5, reactions_enabled = ?6, \
         openline = ?7, background_id = ?8, application_token = ?9, code = ?10 WHERE user_id = ?1",
        params![
            bot.user,
            &bot.owner,
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

/// Adds to the number of messages that a bot sent.
pub fn count_messages(tx: &mut dyn Tx, id: UserId, sent: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE bots SET count_message = count_message + ?2 WHERE user_id = ?1",
        params![id, sent],
    )
    .map(drop)
}

/// Takes a bot away, its user stays; `false` when there was none.
pub fn delete(tx: &mut dyn Tx, id: UserId) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM bots WHERE user_id = ?1", params![id])? > 0)
}

/// In how many chats a bot is, and how many people share one with it. Private chats that were only mentioned do not count.
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
