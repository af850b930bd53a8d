//! Rows as they are stored, one table at a time and without joins, for `readmark verify` (rule R17).

use readmark_model::{ChatId, MessageId, NotificationId, Seq, Timestamp, UserId};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    sql::sql,
};

/// A view row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewRow {
    /// Who.
    pub user: UserId,
    /// First seq.
    pub from: Seq,
    /// Last seq.
    pub to: Seq,
    /// When.
    pub at: Timestamp,
    /// Whether it is among the recent views.
    pub recent: bool,
}

/// The tables whose rows belong to chats, each with the ids of the chats that its rows refer to.
pub fn list_referenced_chats(
    tx: &mut dyn Tx,
) -> Result<Vec<(&'static str, Vec<ChatId>)>, StoreError> {
    [
        ("members", "SELECT DISTINCT chat_id FROM members"),
        ("messages", "SELECT DISTINCT chat_id FROM messages"),
        ("uncounted", "SELECT DISTINCT chat_id FROM uncounted"),
        ("views", "SELECT DISTINCT chat_id FROM views"),
        ("recent_views", "SELECT DISTINCT chat_id FROM recent_views"),
        (
            "command_calls",
            "SELECT DISTINCT chat_id FROM command_calls",
        ),
        (
            "message_words",
            "SELECT DISTINCT chat_id FROM message_words",
        ),
        ("mentions", "SELECT DISTINCT chat_id FROM mentions"),
        (
            "chat_mentions",
            "SELECT DISTINCT chat_id FROM chat_mentions",
        ),
        ("chat_words", "SELECT DISTINCT chat_id FROM chat_words"),
        (
            "search_picks",
            "SELECT DISTINCT chat_id FROM search_picks WHERE chat_id <> 0",
        ),
    ]
    .into_iter()
    .map(|(table, sql)| Ok((table, tx.list(sql, params![], |row| row.id(0))?)))
    .collect()
}

/// The seqs of a chat that never count, ascending.
pub fn list_uncounted(tx: &mut dyn Tx, chat: ChatId) -> Result<Vec<Seq>, StoreError> {
    tx.list(
        "SELECT seq FROM uncounted WHERE chat_id = ?1 ORDER BY seq",
        params![chat],
        |row| row.id(0),
    )
}

columns! {
    ViewRow from "(SELECT chat_id, user_id, from_seq, to_seq, viewed_at, 0 AS recent FROM views \
         UNION ALL SELECT chat_id, user_id, from_seq, to_seq, viewed_at, 1 FROM recent_views) stored" {
        user: UserId = "user_id",
        from: Seq = "from_seq",
        to: Seq = "to_seq",
        at: Timestamp = "viewed_at",
        recent: bool = "recent",
    }
}

/// The view rows of a chat, by user and then by their last seq.
pub fn list_views(tx: &mut dyn Tx, chat: ChatId) -> Result<Vec<ViewRow>, StoreError> {
    tx.list(
        sql!(
            ViewRow::SELECT,
            " WHERE chat_id = ?1 ORDER BY user_id, to_seq"
        ),
        params![chat],
        ViewRow::from_row,
    )
}

/// The number of recent views of all chats.
pub fn count_recent_views(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    tx.get("SELECT count(*) FROM recent_views", params![], |row| {
        row.int(0)
    })
}

/// A mention as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MentionRow {
    /// Whether a chat is mentioned rather than a user.
    pub of_chat: bool,
    /// The mentioned user, 0 for everybody, or chat.
    pub mentioned: i64,
    /// The seq of the message.
    pub seq: Seq,
    /// The message.
    pub message: MessageId,
    /// Its author; 0 where a chat is mentioned.
    pub author: UserId,
}

columns! {
    MentionRow from "(SELECT chat_id, 0 AS of_chat, user_id AS mentioned, seq, message_id, author_id FROM mentions \
         UNION ALL SELECT chat_id, 1, mentioned_id, seq, message_id, 0 FROM chat_mentions) stored" {
        of_chat: bool = "of_chat",
        mentioned: i64 = "mentioned",
        seq: Seq = "seq",
        message: MessageId = "message_id",
        author: UserId = "author_id",
    }
}

/// The mentions stored for a chat's messages.
pub fn list_mentions(tx: &mut dyn Tx, chat: ChatId) -> Result<Vec<MentionRow>, StoreError> {
    tx.list(
        sql!(MentionRow::SELECT, " WHERE chat_id = ?1"),
        params![chat],
        MentionRow::from_row,
    )
}

/// Calls `each` with every indexed word of a chat's messages and the seq of the message.
pub fn each_word(
    tx: &mut dyn Tx,
    chat: ChatId,
    mut each: impl FnMut(Seq, &str),
) -> Result<(), StoreError> {
    tx.query(
        "SELECT seq, word FROM message_words WHERE chat_id = ?1",
        params![chat],
        &mut |row| {
            each(row.id(0)?, row.text(1)?);
            Ok(())
        },
    )
}

/// Calls `each` with every indexed word of a chat's title.
pub fn each_chat_word(
    tx: &mut dyn Tx,
    chat: ChatId,
    mut each: impl FnMut(&str),
) -> Result<(), StoreError> {
    tx.query(
        "SELECT word FROM chat_words WHERE chat_id = ?1",
        params![chat],
        &mut |row| {
            each(row.text(0)?);
            Ok(())
        },
    )
}

/// Calls `each` with every indexed word of every user and the code of the part that it is from.
pub fn each_user_word(
    tx: &mut dyn Tx,
    mut each: impl FnMut(UserId, i64, &str),
) -> Result<(), StoreError> {
    tx.query(
        "SELECT user_id, part, word FROM user_words",
        params![],
        &mut |row| {
            each(row.id(0)?, row.int(1)?, row.text(2)?);
            Ok(())
        },
    )
}

/// Calls `each` with every notification: its recipient, id and text.
pub fn each_notification(
    tx: &mut dyn Tx,
    mut each: impl FnMut(UserId, NotificationId, &str),
) -> Result<(), StoreError> {
    tx.query(
        "SELECT user_id, id, text FROM notifications",
        params![],
        &mut |row| {
            each(row.id(0)?, row.id(1)?, row.text(2)?);
            Ok(())
        },
    )
}

/// Calls `each` with every indexed word of every notification: its recipient, its id and the word.
pub fn each_notification_word(
    tx: &mut dyn Tx,
    mut each: impl FnMut(UserId, NotificationId, &str),
) -> Result<(), StoreError> {
    tx.query(
        "SELECT user_id, notification_id, word FROM notification_words",
        params![],
        &mut |row| {
            each(row.id(0)?, row.id(1)?, row.text(2)?);
            Ok(())
        },
    )
}

/// The chat of notifications of each user, in the order of users.
pub fn list_notification_chats(tx: &mut dyn Tx) -> Result<Vec<(UserId, ChatId)>, StoreError> {
    tx.list(
        "SELECT user_id, chat_id FROM notification_chats ORDER BY user_id",
        params![],
        |row| Ok((row.id(0)?, row.id(1)?)),
    )
}

/// The seq after which a chat has nothing uncounted, according to the chat's row.
pub fn get_uncounted_bound(tx: &mut dyn Tx, chat: ChatId) -> Result<Seq, StoreError> {
    tx.get(
        "SELECT uncounted_seq FROM chats WHERE id = ?1",
        params![chat],
        |row| row.id(0),
    )
}

/// For each member of a chat, the seq after which there is no message of that member, according to the member's row.
pub fn list_own_bounds(tx: &mut dyn Tx, chat: ChatId) -> Result<Vec<(UserId, Seq)>, StoreError> {
    tx.list(
        "SELECT user_id, own_seq FROM members WHERE chat_id = ?1 ORDER BY user_id",
        params![chat],
        |row| Ok((row.id(0)?, row.id(1)?)),
    )
}

/// Every member who listens to a chat, with the level, in the order of chats and users.
pub fn list_listening(tx: &mut dyn Tx) -> Result<Vec<(ChatId, UserId, i64)>, StoreError> {
    tx.list(
        "SELECT chat_id, user_id, listens FROM members WHERE listens <> 0 ORDER BY chat_id, user_id",
        params![],
        |row| Ok((row.id(0)?, row.id(1)?, row.int(2)?)),
    )
}

/// The chats of a user, with the level at which the user listens to each.
pub fn list_listens(tx: &mut dyn Tx, user: UserId) -> Result<Vec<(ChatId, i64)>, StoreError> {
    tx.list(
        "SELECT chat_id, listens FROM members WHERE user_id = ?1 ORDER BY chat_id",
        params![user],
        |row| Ok((row.id(0)?, row.int(1)?)),
    )
}

/// The message and the user of every reaction.
pub fn list_reactions(tx: &mut dyn Tx) -> Result<Vec<(MessageId, UserId)>, StoreError> {
    tx.list(
        "SELECT message_id, user_id FROM reactions ORDER BY message_id, user_id",
        params![],
        |row| Ok((row.id(0)?, row.id(1)?)),
    )
}

/// The tables whose rows belong to bots, each with the ids of the bots that its rows refer to.
pub fn list_referenced_bots(
    tx: &mut dyn Tx,
) -> Result<Vec<(&'static str, Vec<UserId>)>, StoreError> {
    [
        ("commands", "SELECT DISTINCT bot_id FROM commands"),
        ("chat_apps", "SELECT DISTINCT bot_id FROM chat_apps"),
        (
            "event_handlers",
            "SELECT DISTINCT bot_id FROM event_handlers",
        ),
    ]
    .into_iter()
    .map(|(table, sql)| Ok((table, tx.list(sql, params![], |row| row.id(0))?)))
    .collect()
}

/// Every bot, in the order of ids.
pub fn list_bots(tx: &mut dyn Tx) -> Result<Vec<UserId>, StoreError> {
    tx.list(
        "SELECT user_id FROM bots ORDER BY user_id",
        params![],
        |row| row.id(0),
    )
}

/// An event that waits to be sent or was given up, without its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Its number.
    pub id: i64,
    /// Whose event it is.
    pub bot: UserId,
    /// Where it is sent.
    pub url: String,
    /// The handler's number.
    pub handler: i64,
    /// Name of the event.
    pub event: String,
    /// The user who caused it, if any.
    pub acting_user: Option<UserId>,
    /// The code of its state.
    pub state: i64,
    /// The number of attempts begun.
    pub attempts: i64,
    /// When it was last replayed, or 0.
    pub replayed_at: Timestamp,
}

columns! {
    DeliveryRow from "deliveries" {
        id: i64 = "id",
        bot: UserId = "bot_id",
        url: String = "url",
        handler: i64 = "handler_id",
        event: String = "event",
        acting_user: Option<UserId> = "acting_user_id",
        state: i64 = "state",
        attempts: i64 = "attempts",
        replayed_at: Timestamp = "replayed_at",
    }
}

/// Every event that waits to be sent, was given up or was delivered just now, in the order of ids.
pub fn list_deliveries(tx: &mut dyn Tx) -> Result<Vec<DeliveryRow>, StoreError> {
    tx.list(
        sql!(DeliveryRow::SELECT, " ORDER BY id"),
        params![],
        DeliveryRow::from_row,
    )
}

/// An attempt to send an event, as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// The event, which may be gone.
    pub delivery: i64,
    /// Whose.
    pub bot: UserId,
    /// Name of the event.
    pub event: String,
    /// The attempt number, from 1 on.
    pub attempt: i64,
    /// How long it took, in milliseconds.
    pub duration: i64,
    /// The status of the answer, 0 for none.
    pub status: i64,
    /// Whether there was no error.
    pub succeeded: bool,
}

columns! {
    AttemptRow from "delivery_attempts" {
        delivery: i64 = "delivery_id",
        bot: UserId = "bot_id",
        event: String = "event",
        attempt: i64 = "attempt",
        duration: i64 = "duration",
        status: i64 = "status",
        succeeded: bool = "CASE WHEN error = '' THEN 1 ELSE 0 END",
    }
}

/// Calls `each` with every attempt to send an event, in the order of events and attempts.
pub fn each_attempt(tx: &mut dyn Tx, mut each: impl FnMut(AttemptRow)) -> Result<(), StoreError> {
    tx.query(
        sql!(AttemptRow::SELECT, " ORDER BY delivery_id, attempt, id"),
        params![],
        &mut |row| {
            each(AttemptRow::from_row(row)?);
            Ok(())
        },
    )
}

/// The id and the bot of every command.
pub fn list_commands(tx: &mut dyn Tx) -> Result<Vec<(i64, UserId)>, StoreError> {
    tx.list(
        "SELECT id, bot_id FROM commands ORDER BY id",
        params![],
        |row| Ok((row.int(0)?, row.id(1)?)),
    )
}

/// The tables whose rows belong to commands or chat applications, each with the ids that its rows refer to and that do not exist.
pub fn list_orphans(tx: &mut dyn Tx) -> Result<Vec<(&'static str, Vec<i64>)>, StoreError> {
    [
        (
            "command_texts",
            "SELECT DISTINCT command_id FROM command_texts WHERE command_id NOT IN (SELECT id FROM commands)",
        ),
        (
            "command_calls",
            "SELECT DISTINCT command_id FROM command_calls WHERE command_id NOT IN (SELECT id FROM commands)",
        ),
        (
            "event_handlers",
            "SELECT DISTINCT command_id FROM event_handlers WHERE command_id > 0 \
             AND command_id NOT IN (SELECT id FROM commands)",
        ),
        (
            "chat_app_texts",
            "SELECT DISTINCT app_id FROM chat_app_texts WHERE app_id NOT IN (SELECT id FROM chat_apps)",
        ),
    ]
    .into_iter()
    .map(|(table, sql)| Ok((table, tx.list(sql, params![], |row| row.int(0))?)))
    .collect()
}
