//! Messages.

use readmark_model::{
    ChatId, MessageId, MessageKind, MessageParams, Seq, Timestamp, UserId, ViewRange,
    message::Message,
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    memory::{ChatEnd, Ended, Tables, Uncounted},
    message_params, params,
    repo::{hot, reaction},
    sql::sql,
    tx::Param,
};

/// The position of a message in its chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its id.
    pub id: MessageId,
    /// Its seq.
    pub seq: Seq,
}

columns! {
    Message from "messages g" {
        id: MessageId = "g.id",
        chat: ChatId = "g.chat_id",
        seq: Seq = "g.seq",
        author: UserId = "g.author_id",
        kind: MessageKind = "g.kind",
        deleted: bool = "g.deleted",
        created_at: Timestamp = "g.created_at",
        edited_at: Option<Timestamp> = "g.edited_at",
        reply: Option<MessageId> = "g.reply_id",
        text: String = "g.text",
        params: MessageParams = "g.params",
        uuid: Option<String> = "g.uuid",
    }
}

columns! {
    Place from "messages g" {
        id: MessageId = "g.id",
        seq: Seq = "g.seq",
    }
}

impl From<Ended> for Place {
    fn from(known: Ended) -> Self {
        Self {
            id: known.id,
            seq: known.seq,
        }
    }
}

/// A message to be added.
#[derive(Clone, Debug)]
pub struct NewMessage<'a> {
    /// Chat.
    pub chat: ChatId,
    /// Its seq.
    pub seq: Seq,
    /// Author; for a notice who caused it.
    pub author: UserId,
    /// Kind.
    pub kind: MessageKind,
    /// When.
    pub created_at: Timestamp,
    /// The message that it answers.
    pub reply: Option<MessageId>,
    /// Text.
    pub text: &'a str,
    /// Attachments, keyboard, files…
    pub params: &'a MessageParams,
    /// External id.
    pub uuid: Option<&'a str>,
}

/// Adds a message and answers its id. The seq of a notice becomes an uncounted one (rule R2).
pub fn insert(tx: &mut dyn Tx, new: &NewMessage<'_>) -> Result<MessageId, StoreError> {
    let params = message_params::encode(new.params)?;
    let id: MessageId = hot::execute(
        tx,
        Tables::MESSAGES,
        |tx| {
            tx.get(
                "INSERT INTO messages (chat_id, seq, author_id, kind, deleted, created_at, reply_id, text, params, uuid) \
                 VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9) RETURNING id",
                params![
                    new.chat,
                    new.seq,
                    new.author,
                    new.kind.code(),
                    new.created_at,
                    new.reply,
                    new.text,
                    &*params,
                    new.uuid,
                ],
                |row| row.id(0),
            )
        },
        |memory, id| {
            let sent = Ended::new(*id, new.seq, new.author, new.kind);
            memory.revise::<ChatEnd>(new.chat, |end| end.push(sent));
        },
    )?;
    if new.kind == MessageKind::Notice {
        insert_uncounted(tx, new.chat, new.seq)?;
    }
    Ok(id)
}

fn insert_uncounted(tx: &mut dyn Tx, chat: ChatId, seq: Seq) -> Result<(), StoreError> {
    hot::execute(
        tx,
        Tables::UNCOUNTED,
        |tx| {
            tx.execute(
                "INSERT INTO uncounted (chat_id, seq) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![chat, seq],
            )
        },
        |memory, _| memory.change::<Uncounted>(chat, |known| known.add(seq)),
    )
    .map(drop)
}

/// A message by id.
pub fn find(tx: &mut dyn Tx, id: MessageId) -> Result<Option<Message>, StoreError> {
    tx.find(
        sql!(Message::SELECT, " WHERE g.id = ?1"),
        params![id],
        Message::from_row,
    )
}

/// The seq of a message of a chat, unless it is a tombstone.
pub fn find_seq(tx: &mut dyn Tx, chat: ChatId, id: MessageId) -> Result<Option<Seq>, StoreError> {
    let known = hot::end(tx, chat)?.and_then(|end| end.at_or_below_id(id));
    if let Some(known) = known {
        let found = known.filter(|known| known.id == id && !known.deleted);
        return Ok(found.map(|known| known.seq));
    }
    tx.find(
        "SELECT seq FROM messages WHERE id = ?1 AND chat_id = ?2 AND deleted = 0",
        params![id, chat],
        |row| row.id(0),
    )
}

/// The message of a chat with this seq.
pub fn find_by_seq(tx: &mut dyn Tx, chat: ChatId, seq: Seq) -> Result<Option<Message>, StoreError> {
    tx.find(
        sql!(Message::SELECT, " WHERE g.chat_id = ?1 AND g.seq = ?2"),
        params![chat, seq],
        Message::from_row,
    )
}

/// A chat's last message at or before `seq`.
pub fn find_at_or_before(
    tx: &mut dyn Tx,
    chat: ChatId,
    seq: Seq,
) -> Result<Option<Place>, StoreError> {
    let known = hot::end(tx, chat)?.and_then(|end| end.at_or_before(seq));
    if let Some(known) = known {
        return Ok(known.map(Place::from));
    }
    tx.find(
        sql!(
            Place::SELECT,
            " WHERE chat_id = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1"
        ),
        params![chat, seq],
        Place::from_row,
    )
}

/// A chat's first message at or after `seq`.
pub fn find_at_or_after(
    tx: &mut dyn Tx,
    chat: ChatId,
    seq: Seq,
) -> Result<Option<Place>, StoreError> {
    let known = hot::end(tx, chat)?.and_then(|end| end.at_or_after(seq));
    if let Some(known) = known {
        return Ok(known.map(Place::from));
    }
    tx.find(
        sql!(
            Place::SELECT,
            " WHERE chat_id = ?1 AND seq >= ?2 ORDER BY seq LIMIT 1"
        ),
        params![chat, seq],
        Place::from_row,
    )
}

/// A chat's greatest message with an id at or below `id`, which may be of another chat or of no message (rule R1).
/// `last` is the chat's last seq. Ids and seqs of a chat have the same order, so a foreign id costs a binary search.
pub fn find_at_or_below_id(
    tx: &mut dyn Tx,
    chat: ChatId,
    id: MessageId,
    last: Seq,
) -> Result<Option<Place>, StoreError> {
    let known = hot::end(tx, chat)?.and_then(|end| end.at_or_below_id(id));
    if let Some(known) = known {
        return Ok(known.map(Place::from));
    }
    let own = tx.find(
        "SELECT chat_id, seq FROM messages WHERE id = ?1",
        params![id],
        |row| Ok((row.id::<ChatId>(0)?, row.id::<Seq>(1)?)),
    )?;
    if let Some((own_chat, seq)) = own
        && own_chat == chat
    {
        return Ok(Some(Place { id, seq }));
    }
    // Everything below `low` has an id at or below the given one, everything from `high` on a greater one.
    let (mut low, mut high) = (Seq(1), last.next());
    let mut best = None;
    while low < high {
        let middle = Seq(low.get() + (high.get() - low.get()) / 2);
        match find_at_or_before(tx, chat, middle)? {
            Some(found) if found.id <= id => {
                best = Some(found);
                low = middle.next();
            }
            Some(found) => high = found.seq,
            None => low = middle.next(),
        }
    }
    Ok(best)
}

/// The last message of an author in a range of seqs.
pub fn find_last_of(
    tx: &mut dyn Tx,
    chat: ChatId,
    author: UserId,
    from: Seq,
    to: Seq,
) -> Result<Option<MessageId>, StoreError> {
    tx.find(
        "SELECT id FROM messages WHERE chat_id = ?1 AND author_id = ?2 AND kind <> 2 AND seq >= ?3 AND seq <= ?4 \
         ORDER BY seq DESC LIMIT 1",
        params![chat, author, from, to],
        |row| row.id(0),
    )
}

/// The seq of the first of the newest `count` messages at or before `to` that `user` can view, for the compatibility cap (rule
/// R18).
pub fn find_viewable_start(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
    to: Seq,
    count: i64,
) -> Result<Option<Seq>, StoreError> {
    tx.find(
        "SELECT seq FROM messages WHERE chat_id = ?1 AND seq <= ?3 AND author_id <> ?2 AND kind <> 2 \
         ORDER BY seq DESC LIMIT 1 OFFSET ?4",
        params![chat, user, to, count - 1],
        |row| row.id(0),
    )
}

/// Ids of the messages in a range of seqs that `user` can view, ascending.
pub fn list_viewable(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
    from: Seq,
    to: Seq,
) -> Result<Vec<MessageId>, StoreError> {
    if let Some(end) = hot::end(tx, chat)?
        && let Some(viewable) = end.viewable(user, ViewRange { from, to })
    {
        return Ok(viewable.map(|known| known.id).collect());
    }
    tx.list(
        "SELECT id FROM messages WHERE chat_id = ?1 AND seq >= ?3 AND seq <= ?4 AND author_id <> ?2 AND kind <> 2 \
         ORDER BY seq",
        params![chat, user, from, to],
        |row| row.id(0),
    )
}

/// How many seqs one statement looks up.
const SEQS_AT_ONCE: usize = 16;

/// The ids of those of a chat's messages with these seqs that exist. One statement for sixteen seqs, one look-up for each.
pub fn list_ids(
    tx: &mut dyn Tx,
    chat: ChatId,
    seqs: &[Seq],
) -> Result<Vec<(Seq, MessageId)>, StoreError> {
    let mut places = Vec::with_capacity(seqs.len());
    for some in seqs.chunks(SEQS_AT_ONCE) {
        // Unused parameters repeat the last seq, which is not looked up again.
        let mut values = [Param::from(chat); SEQS_AT_ONCE + 1];
        for (place, value) in values[1..].iter_mut().enumerate() {
            *value = Param::from(some[place.min(some.len() - 1)]);
        }
        places.extend(tx.list(
            "SELECT seq, id FROM messages WHERE chat_id = ?1 AND seq IN (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, \
             ?13, ?14, ?15, ?16, ?17)",
            &values,
            |row| Ok((row.id(0)?, row.id(1)?)),
        )?);
    }
    Ok(places)
}

/// Messages of a chat before `before`, from `from` on, newest first.
pub fn list_before(
    tx: &mut dyn Tx,
    chat: ChatId,
    from: Seq,
    before: Seq,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    tx.list(
        sql!(
            Message::SELECT,
            " WHERE g.chat_id = ?1 AND g.seq >= ?2 AND g.seq < ?3 ORDER BY g.seq DESC LIMIT ?4"
        ),
        params![chat, from, before, limit],
        Message::from_row,
    )
}

/// Messages of a chat after `after`, oldest first.
pub fn list_after(
    tx: &mut dyn Tx,
    chat: ChatId,
    after: Seq,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    tx.list(
        sql!(
            Message::SELECT,
            " WHERE g.chat_id = ?1 AND g.seq > ?2 ORDER BY g.seq LIMIT ?3"
        ),
        params![chat, after, limit],
        Message::from_row,
    )
}

/// Calls `each` with seq and text of a chat's messages after `after` that a search can find, which excludes tombstones and notices;
/// in no particular order.
pub fn each_text(
    tx: &mut dyn Tx,
    chat: ChatId,
    after: Seq,
    mut each: impl FnMut(Seq, &str),
) -> Result<(), StoreError> {
    tx.query(
        "SELECT seq, text FROM messages WHERE chat_id = ?1 AND seq > ?2 AND deleted = 0 AND kind <> 2",
        params![chat, after],
        &mut |row| {
            each(row.id(0)?, row.text(1)?);
            Ok(())
        },
    )
}

/// The seq of a chat's first message sent at or after `at`; one past `last`, the chat's last seq, when there is none. Times
/// within a chat never go back, so this is a binary search.
pub fn find_start(
    tx: &mut dyn Tx,
    chat: ChatId,
    at: Timestamp,
    last: Seq,
) -> Result<Seq, StoreError> {
    // Everything below `low` was sent before `at`, everything from `high` on at or after it.
    let (mut low, mut high) = (Seq(1), last.next());
    while low < high {
        let middle = Seq(low.get() + (high.get() - low.get()) / 2);
        let found: Option<(Seq, Timestamp)> = tx.find(
            "SELECT seq, created_at FROM messages WHERE chat_id = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1",
            params![chat, middle],
            |row| Ok((row.id(0)?, row.id(1)?)),
        )?;
        match found {
            Some((seq, created_at)) if created_at >= at => high = seq,
            _ => low = middle.next(),
        }
    }
    Ok(low)
}

/// Replaces text and parameters.
pub fn update(
    tx: &mut dyn Tx,
    id: MessageId,
    text: &str,
    params: &MessageParams,
    edited_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    let params = message_params::encode(params)?;
    // Nothing of this is known of a message.
    hot::execute(
        tx,
        Tables::MESSAGES,
        |tx| {
            tx.execute(
                "UPDATE messages SET text = ?2, params = ?3, edited_at = ?4 WHERE id = ?1",
                params![id, text, &*params, edited_at],
            )
        },
        |_, _| (),
    )
    .map(drop)
}

/// Turns a message into a tombstone (rule R9): id, author and date stay; text, parameters and reactions are deleted.
pub fn update_to_tombstone(
    tx: &mut dyn Tx,
    chat: ChatId,
    id: MessageId,
    now: Timestamp,
) -> Result<(), StoreError> {
    reaction::delete_all(tx, id)?;
    let params = message_params::encode(&MessageParams::tombstone())?;
    hot::execute(
        tx,
        Tables::MESSAGES,
        |tx| {
            tx.execute(
                "UPDATE messages SET text = '', params = ?2, deleted = 1, edited_at = ?3 WHERE id = ?1",
                params![id, &*params, now],
            )
        },
        |memory, _| memory.change::<ChatEnd>(chat, |end| end.bury(id)),
    )
    .map(drop)
}

/// Deletes a message completely (rule R9); its seq becomes an uncounted gap.
pub fn delete(tx: &mut dyn Tx, place: Place, chat: ChatId) -> Result<(), StoreError> {
    reaction::delete_all(tx, place.id)?;
    hot::execute(
        tx,
        Tables::MESSAGES,
        |tx| tx.execute("DELETE FROM messages WHERE id = ?1", params![place.id]),
        |memory, _| memory.change::<ChatEnd>(chat, |end| end.remove(place.seq)),
    )?;
    insert_uncounted(tx, chat, place.seq)
}
