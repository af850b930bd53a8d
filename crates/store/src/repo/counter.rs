//! Unread counters (rules R2, R15): the messages after the cursor, less those that never count.

use std::cmp::Reverse;

use readmark_model::{
    ChatId, ChatKind, MessageId, Seq, Timestamp, UserId, ViewRange, chat::Tail,
    stream::LISTENS_TO_READS,
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    memory::{ChatEnd, ChatRow, ChatsOfUser, Listeners, MemberRow, Uncounted, View},
    params,
    repo::hot,
    sql::sql,
};

/// The number of messages that count for member `m` in chat `c`. Most cursors are at or after both bounds, and then no index
/// is searched.
pub(crate) const COUNTED: &str = "c.last_seq - m.cursor_seq - CASE WHEN c.uncounted_seq > m.cursor_seq THEN \
     (SELECT count(*) FROM uncounted k WHERE k.chat_id = m.chat_id AND k.seq > m.cursor_seq) ELSE 0 END - \
     CASE WHEN m.own_seq > m.cursor_seq THEN (SELECT count(*) FROM messages o WHERE o.chat_id = m.chat_id AND \
     o.author_id = m.user_id AND o.kind <> 2 AND o.seq > m.cursor_seq) ELSE 0 END";

/// The number of messages of `chat` after `cursor` and up to `last` that count for `user`. One statement, so that a message
/// deleted at the same time is seen either as a message or as a gap, never as both.
pub fn count(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
    cursor: Seq,
    last: Seq,
) -> Result<i64, StoreError> {
    if cursor >= last {
        return Ok(0);
    }
    let known = hot::end(tx, chat)?.and_then(|end| end.counter(user, cursor));
    if let Some(counter) = known {
        return Ok(counter);
    }
    let skipped = tx.get(
        "SELECT (SELECT count(*) FROM uncounted WHERE chat_id = ?1 AND seq > ?3 AND seq <= ?4) + (SELECT count(*) \
         FROM messages WHERE chat_id = ?1 AND author_id = ?2 AND kind <> 2 AND seq > ?3 AND seq <= ?4)",
        params![chat, user, cursor, last],
        |row| row.int(0),
    )?;
    Ok(last.get() - cursor.get() - skipped)
}

/// The seqs after which every message counts, as stored in the rows of chat and member. Before them some may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// There are neither notices nor gaps in the chat after it.
    pub uncounted: Seq,
    /// There are no messages of the member after it.
    pub own: Seq,
}

columns! {
    Bounds from "members m JOIN chats c ON c.id = m.chat_id" {
        uncounted: Seq = "c.uncounted_seq",
        own: Seq = "m.own_seq",
    }
}

/// What a read needs the [`ReadContext`] of.
#[derive(Clone, Copy, Debug)]
pub struct ReadQuery {
    /// The chat.
    pub chat: ChatId,
    /// The reader.
    pub user: UserId,
    /// The seqs read for the first time, whether there are viewable messages among them or not.
    pub range: Option<ViewRange>,
    /// The new cursor.
    pub cursor: Seq,
    /// The chat's last seq.
    pub last: Seq,
    /// The seqs after which every message counts.
    pub bounds: Bounds,
    /// The last message at or before the cursor, if known.
    pub last_read: Option<MessageId>,
}

/// What a read changes and answers depends on.
#[derive(Clone, Copy, Debug)]
pub struct ReadContext {
    /// The first and the last message newly read that the reader can view: neither own messages nor notices (rule R13).
    pub viewable: Option<ViewRange>,
    /// The last message at or before the cursor, 0 for none.
    pub last_read: MessageId,
    /// The number of messages after the cursor that count.
    pub counter: i64,
    /// Whether a member of the chat listens to reads.
    pub heard: bool,
}

columns! {
    /// What [`get_read_context`] finds; `None` for what it is not asked for, and for what does not exist.
    pub(crate) struct Found {
        first_viewable: Option<Seq> = "CASE WHEN ?7 = 1 THEN (SELECT seq FROM messages WHERE chat_id = ?1 AND \
             seq >= ?3 AND seq <= ?4 AND author_id <> ?2 AND kind <> 2 ORDER BY seq LIMIT 1) END",
        last_viewable: Option<Seq> = "CASE WHEN ?8 = 1 THEN (SELECT seq FROM messages WHERE chat_id = ?1 AND \
             seq >= ?3 AND seq <= ?4 AND author_id <> ?2 AND kind <> 2 ORDER BY seq DESC LIMIT 1) END",
        last_read: Option<MessageId> = "CASE WHEN ?9 = 1 THEN (SELECT id FROM messages WHERE chat_id = ?1 AND \
             seq <= ?5 ORDER BY seq DESC LIMIT 1) END",
        uncounted: i64 = "CASE WHEN ?10 = 1 THEN (SELECT count(*) FROM uncounted WHERE chat_id = ?1 AND seq > ?5 AND \
             seq <= ?6) ELSE 0 END + CASE WHEN ?11 = 1 THEN (SELECT count(*) FROM messages WHERE chat_id = ?1 AND \
             author_id = ?2 AND kind <> 2 AND seq > ?5 AND seq <= ?6) ELSE 0 END",
        heard: bool = "CASE WHEN EXISTS (SELECT 1 FROM members WHERE chat_id = ?1 AND listens >= 2) THEN 1 ELSE 0 END",
    }
}

/// What a read needs to know: what can be viewed for the first time, and what is left after the cursor. One statement, which
/// searches an index only for what is not known beforehand: most reads advance by one message of somebody else.
pub fn get_read_context(tx: &mut dyn Tx, query: &ReadQuery) -> Result<ReadContext, StoreError> {
    if let Some(known) = known_read_context(tx, query)? {
        return Ok(known);
    }
    let ReadQuery { cursor, last, .. } = *query;
    // An empty range contains no message.
    let range = query.range.unwrap_or(ViewRange {
        from: Seq(1),
        to: Seq::ZERO,
    });
    let found = tx.get(
        Found::SELECT,
        params![
            query.chat,
            query.user,
            range.from,
            range.to,
            cursor,
            last,
            range.from <= range.to,
            range.from < range.to,
            query.last_read.is_none(),
            query.bounds.uncounted > cursor,
            query.bounds.own > cursor,
        ],
        Found::from_row,
    )?;
    let last_viewable = if range.from == range.to {
        found.first_viewable
    } else {
        found.last_viewable
    };
    let after = (last.get() - cursor.get()).max(0);
    Ok(ReadContext {
        viewable: found
            .first_viewable
            .zip(last_viewable)
            .map(|(from, to)| ViewRange { from, to }),
        last_read: query.last_read.or(found.last_read).unwrap_or_default(),
        counter: after - found.uncounted,
        heard: found.heard,
    })
}

/// The same without a statement, where everything is known.
fn known_read_context(
    tx: &mut dyn Tx,
    query: &ReadQuery,
) -> Result<Option<ReadContext>, StoreError> {
    let Some(end) = hot::end(tx, query.chat)? else {
        return Ok(None);
    };
    let places = end.read_places(query.user, query.range, query.cursor, query.last_read);
    let Some(places) = places else {
        return Ok(None);
    };
    let listeners = hot::find::<Listeners>(tx, query.chat)?;
    Ok(listeners.map(|Listeners(listeners)| ReadContext {
        viewable: places.viewable,
        last_read: places.last_read,
        counter: places.counter,
        heard: listeners
            .iter()
            .any(|(_, level)| *level >= LISTENS_TO_READS),
    }))
}

/// A member's position in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The number of messages after the cursor that count.
    pub counter: i64,
    /// The first of them, 0 for none.
    pub first_unread: MessageId,
    /// The last message at or before the cursor, 0 for none.
    pub last_read: MessageId,
}

/// The position of `user` with this cursor in a chat that ends with `tail`: no statement when nothing follows the cursor, else
/// one.
pub fn find_standing(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
    cursor: Seq,
    tail: &Tail,
) -> Result<Standing, StoreError> {
    if cursor >= tail.last_seq {
        return Ok(Standing {
            counter: 0,
            first_unread: MessageId::default(),
            last_read: tail.last_message,
        });
    }
    if let Some(end) = hot::end(tx, chat)?
        && let Some(places) = end.read_places(user, None, cursor, None)
        && let Some(first_unread) = end.first_unread(user, cursor)
    {
        return Ok(Standing {
            counter: places.counter,
            first_unread: first_unread.unwrap_or_default(),
            last_read: places.last_read,
        });
    }
    tx.get(
        "SELECT (SELECT count(*) FROM uncounted WHERE chat_id = ?1 AND seq > ?3 AND seq <= ?4) + (SELECT count(*) \
         FROM messages WHERE chat_id = ?1 AND author_id = ?2 AND kind <> 2 AND seq > ?3 AND seq <= ?4), (SELECT id \
         FROM messages WHERE chat_id = ?1 AND seq > ?3 AND seq <= ?4 AND author_id <> ?2 AND kind <> 2 ORDER BY seq \
         LIMIT 1), (SELECT id FROM messages WHERE chat_id = ?1 AND seq <= ?3 ORDER BY seq DESC LIMIT 1)",
        params![chat, user, cursor, tail.last_seq],
        |row| {
            Ok(Standing {
                counter: tail.last_seq.get() - cursor.get() - row.int(0)?,
                first_unread: row.opt_id(1)?.unwrap_or_default(),
                last_read: row.opt_id(2)?.unwrap_or_default(),
            })
        },
    )
}

/// One chat in a user's totals.
#[derive(Clone, Copy, Debug)]
pub struct CounterRow {
    /// The chat.
    pub chat: ChatId,
    /// Its kind.
    pub kind: ChatKind,
    /// The other user of a private chat.
    pub peer: Option<UserId>,
    /// The number of messages that count; 0 when only the flag is set.
    pub counter: i64,
    /// Whether the user muted the chat (rule R7).
    pub muted: bool,
    /// Whether the unread flag is set (rule R8).
    pub flagged: bool,
}

columns! {
    CounterRow from "members m JOIN chats c ON c.id = m.chat_id" {
        chat: ChatId = "c.id",
        kind: ChatKind = "c.kind",
        peer: Option<UserId> = "CASE WHEN c.private_low = m.user_id THEN c.private_high ELSE c.private_low END",
        counter: i64 = COUNTED,
        muted: bool = "m.muted",
        flagged: bool = "m.unread_flag",
    }
}

/// The chats of a user that are not hidden and have a counter or a flag, the latest activity first (rules R7, R8, R10).
pub fn list_totals(tx: &mut dyn Tx, user: UserId) -> Result<Vec<CounterRow>, StoreError> {
    // Sorted here, as the database would copy every row for it.
    let mut rows = if tx.memory().is_some() {
        known_totals(tx, user)?
    } else {
        load_totals(tx, user)?
    };
    rows.retain(|(row, _)| row.counter > 0 || row.flagged);
    rows.sort_unstable_by_key(|(row, active_at)| Reverse((*active_at, row.chat)));
    Ok(rows.into_iter().map(|(row, _)| row).collect())
}

/// The chats that can have a counter or a flag, each with its last activity.
type Rows = Vec<(CounterRow, Timestamp)>;

fn load_totals(tx: &mut dyn Tx, user: UserId) -> Result<Rows, StoreError> {
    tx.list(
        sql!(
            "SELECT ",
            CounterRow::COLUMNS,
            ", c.last_activity_at FROM members m JOIN chats c ON c.id = m.chat_id WHERE m.user_id = ?1 AND \
             (c.last_seq > m.cursor_seq OR m.unread_flag = 1) AND (m.hidden_seq IS NULL OR c.last_post_seq > m.hidden_seq)"
        ),
        params![user],
        <(CounterRow, Timestamp)>::from_row,
    )
}

/// The same where there is a memory: nothing is asked of the database if everything is known.
fn known_totals(tx: &mut dyn Tx, user: UserId) -> Result<Rows, StoreError> {
    let known = tx
        .memory()
        .and_then(|memory| memory.view(|view| look_up_totals(view, user)));
    if let Some(rows) = known {
        return Ok(rows);
    }
    let Some(chats) = hot::find_chats_of(tx, user)? else {
        return load_totals(tx, user);
    };
    let mut rows = Vec::new();
    for (member, chat) in chats {
        if may_count(&member, &chat) {
            let skipped = skipped(tx, &member, &chat)?;
            rows.push(counter_row(&member, &chat, skipped));
        }
    }
    Ok(rows)
}

/// The same from memory alone; `None` when anything is missing.
fn look_up_totals(view: &View<'_>, user: UserId) -> Option<Rows> {
    let ChatsOfUser(chats) = view.find(&user)?;
    let mut rows = Vec::new();
    for id in chats.iter() {
        let member = view.find::<MemberRow>(&(*id, user))?;
        let chat = view.find::<ChatRow>(id)?;
        if may_count(member, chat) {
            let skipped = known_skipped(view, member, chat)?;
            rows.push(counter_row(member, chat, skipped));
        }
    }
    Some(rows)
}

/// Whether a chat that is not hidden has the flag, or anything after the cursor.
fn may_count(row: &MemberRow, chat: &ChatRow) -> bool {
    let (member, tail) = (&row.member, &chat.chat.tail);
    (tail.last_seq > member.read.cursor || member.read.unread_flag) && !member.is_hidden(tail)
}

/// The number of messages and gaps after the cursor that do not count, as far as it is known.
fn known_skipped(view: &View<'_>, row: &MemberRow, chat: &ChatRow) -> Option<i64> {
    let (id, cursor) = (row.member.chat, row.member.read.cursor);
    if chat.uncounted <= cursor && row.own <= cursor {
        return Some(0);
    }
    let counter = view
        .find::<ChatEnd>(&id)
        .and_then(|end| end.counter(row.member.user, cursor));
    if let Some(counter) = counter {
        return Some(chat.chat.tail.last_seq.get() - cursor.get() - counter);
    }
    if row.own > cursor {
        return None;
    }
    view.find::<Uncounted>(&id)?.count_after(cursor)
}

/// The same, loaded if it has to be.
fn skipped(tx: &mut dyn Tx, row: &MemberRow, chat: &ChatRow) -> Result<i64, StoreError> {
    let (id, cursor) = (row.member.chat, row.member.read.cursor);
    let known = tx
        .memory()
        .and_then(|memory| memory.view(|view| known_skipped(view, row, chat)));
    if let Some(known) = known {
        return Ok(known);
    }
    let last = chat.chat.tail.last_seq;
    if row.own > cursor {
        return Ok(last.get() - cursor.get() - count(tx, id, row.member.user, cursor, last)?);
    }
    let loaded = hot::find::<Uncounted>(tx, id)?.and_then(|known| known.count_after(cursor));
    match loaded {
        Some(skipped) => Ok(skipped),
        None => tx.get(
            "SELECT count(*) FROM uncounted WHERE chat_id = ?1 AND seq > ?2",
            params![id, cursor],
            |row| row.int(0),
        ),
    }
}

fn counter_row(row: &MemberRow, chat: &ChatRow, skipped: i64) -> (CounterRow, Timestamp) {
    let (member, chat) = (&row.member, &*chat.chat);
    let peer = chat
        .pair
        .map(|(low, high)| if low == member.user { high } else { low });
    let counted = CounterRow {
        chat: chat.id,
        kind: chat.kind,
        peer,
        counter: chat.tail.last_seq.get() - member.read.cursor.get() - skipped,
        muted: member.muted,
        flagged: member.read.unread_flag,
    };
    (counted, chat.tail.last_activity_at)
}
