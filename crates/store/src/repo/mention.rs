//! Mentions of users and chats in messages, and how many of them are unread.

use readmark_model::{ChatId, MessageId, Seq, UserId, text::Mention};

use crate::{StoreError, Tx, TxExt, params, tx::Row};

/// Stands for everybody in a chat.
const EVERYBODY: UserId = UserId(0);

/// A message that mentions somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MentionSource {
    /// Its chat.
    pub chat: ChatId,
    /// Its seq.
    pub seq: Seq,
    /// The message.
    pub message: MessageId,
    /// Its author, whom it never counts for.
    pub author: UserId,
}

/// A message that mentions a user or a chat, in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundMention {
    /// The message.
    pub message: MessageId,
    /// Its chat.
    pub chat: ChatId,
    /// Whether it is after the user's cursor.
    pub unread: bool,
}

/// Which mentions are listed, the newest first.
#[derive(Clone, Copy, Debug)]
pub struct MentionFilter {
    /// Only in this chat.
    pub chat: Option<ChatId>,
    /// Only after the cursor.
    pub unread_only: bool,
    /// Only before this message.
    pub before: Option<MessageId>,
    /// The greatest number of messages.
    pub limit: i64,
}

/// Adds the mentions of a message.
pub fn insert(tx: &mut dyn Tx, by: &MentionSource, mentions: &[Mention]) -> Result<(), StoreError> {
    for mention in mentions {
        match *mention {
            Mention::User(user) => insert_user(tx, by, user)?,
            Mention::All => insert_user(tx, by, EVERYBODY)?,
            Mention::Chat(chat) => tx
                .execute(
                    "INSERT INTO chat_mentions (mentioned_id, chat_id, seq, message_id) VALUES (?1, ?2, ?3, ?4)",
                    params![chat, by.chat, by.seq, by.message],
                )
                .map(drop)?,
        }
    }
    Ok(())
}

fn insert_user(tx: &mut dyn Tx, by: &MentionSource, user: UserId) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO mentions (user_id, chat_id, seq, message_id, author_id) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![user, by.chat, by.seq, by.message, by.author],
    )
    .map(drop)
}

/// Deletes the mentions of a message.
pub fn delete(tx: &mut dyn Tx, chat: ChatId, seq: Seq) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM mentions WHERE chat_id = ?1 AND seq = ?2",
        params![chat, seq],
    )?;
    tx.execute(
        "DELETE FROM chat_mentions WHERE chat_id = ?1 AND seq = ?2",
        params![chat, seq],
    )
    .map(drop)
}

/// The number of unread messages of others that mention a user, for each chat that has any and is not hidden (rule R10). A
/// message that mentions both the user and everybody counts once. Costs two look-ups per chat of the user, and the unread
/// mentions.
pub fn count_unread(tx: &mut dyn Tx, user: UserId) -> Result<Vec<(ChatId, i64)>, StoreError> {
    tx.list(
        "SELECT chat_id, unread FROM (SELECT m.chat_id AS chat_id, (SELECT count(*) FROM mentions n WHERE \
         n.user_id = m.user_id AND n.chat_id = m.chat_id AND n.seq > m.cursor_seq AND n.author_id <> m.user_id) + \
         (SELECT count(*) FROM mentions a WHERE a.user_id = 0 AND a.chat_id = m.chat_id AND a.seq > m.cursor_seq AND \
         a.author_id <> m.user_id AND NOT EXISTS (SELECT 1 FROM mentions b WHERE b.user_id = m.user_id AND \
         b.chat_id = a.chat_id AND b.seq = a.seq)) AS unread FROM members m JOIN chats c ON c.id = m.chat_id \
         WHERE m.user_id = ?1 AND (m.hidden_seq IS NULL OR c.last_post_seq > m.hidden_seq)) counted WHERE unread > 0 \
         ORDER BY chat_id",
        params![user],
        |row| Ok((row.id(0)?, row.int(1)?)),
    )
}

/// The messages of others that mention a user and that the user can see, the newest first.
pub fn list(
    tx: &mut dyn Tx,
    user: UserId,
    filter: &MentionFilter,
) -> Result<Vec<FoundMention>, StoreError> {
    tx.list(
        "SELECT n.message_id AS id, n.chat_id, CASE WHEN n.seq > m.cursor_seq THEN 1 ELSE 0 END FROM mentions n \
         JOIN members m ON m.user_id = ?1 AND m.chat_id = n.chat_id WHERE n.user_id = ?1 AND n.author_id <> ?1 AND \
         n.seq >= m.visible_from_seq AND (?2 = 0 OR n.chat_id = ?2) AND (?3 = 0 OR n.seq > m.cursor_seq) AND \
         n.message_id < ?4 UNION SELECT n.message_id, n.chat_id, CASE WHEN n.seq > m.cursor_seq THEN 1 ELSE 0 END \
         FROM members m JOIN mentions n ON n.user_id = 0 AND n.chat_id = m.chat_id WHERE m.user_id = ?1 AND \
         n.author_id <> ?1 AND n.seq >= m.visible_from_seq AND (?2 = 0 OR n.chat_id = ?2) AND \
         (?3 = 0 OR n.seq > m.cursor_seq) AND n.message_id < ?4 ORDER BY id DESC LIMIT ?5",
        params![
            user,
            filter.chat.map_or(0, ChatId::get),
            filter.unread_only,
            filter.before.map_or(i64::MAX, MessageId::get),
            filter.limit,
        ],
        found_mention,
    )
}

/// The messages that mention a chat and that a user can see as a member of their chats, the newest first.
pub fn list_of_chat(
    tx: &mut dyn Tx,
    user: UserId,
    mentioned: ChatId,
    filter: &MentionFilter,
) -> Result<Vec<FoundMention>, StoreError> {
    tx.list(
        "SELECT n.message_id, n.chat_id, CASE WHEN n.seq > m.cursor_seq THEN 1 ELSE 0 END FROM chat_mentions n \
         JOIN members m ON m.user_id = ?1 AND m.chat_id = n.chat_id WHERE n.mentioned_id = ?2 AND \
         n.seq >= m.visible_from_seq AND (?3 = 0 OR n.chat_id = ?3) AND (?4 = 0 OR n.seq > m.cursor_seq) AND \
         n.message_id < ?5 ORDER BY n.message_id DESC LIMIT ?6",
        params![
            user,
            mentioned,
            filter.chat.map_or(0, ChatId::get),
            filter.unread_only,
            filter.before.map_or(i64::MAX, MessageId::get),
            filter.limit,
        ],
        found_mention,
    )
}

fn found_mention(row: &dyn Row) -> Result<FoundMention, StoreError> {
    Ok(FoundMention {
        message: row.id(0)?,
        chat: row.id(1)?,
        unread: row.bool(2)?,
    })
}
