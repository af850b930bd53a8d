//! Unread counters (rules R2, R15): what lies after the cursor, less what never counts.

use std::cmp::Reverse;

use readmark_model::{ChatId, ChatKind, MessageId, Seq, Timestamp, UserId, ViewRange};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    params,
    repo::chat::Tail,
    sql::sql,
};

/// The number of messages that count for member `m` in chat `c`. Most cursors are at or after both bounds; then there is
/// nothing to look for.
pub(crate) const COUNTED: &str = "c.last_seq - m.cursor_seq - CASE WHEN c.uncounted_seq > m.cursor_seq THEN \
     (SELECT count(*) FROM uncounted k WHERE k.chat_id = m.chat_id AND k.seq > m.cursor_seq) ELSE 0 END - \
     CASE WHEN m.own_seq > m.cursor_seq THEN (SELECT count(*) FROM messages o WHERE o.chat_id = m.chat_id AND \
     o.author_id = m.user_id AND o.kind <> 2 AND o.seq > m.cursor_seq) ELSE 0 END";

/// Messages of `chat` after `cursor` and up to `last` that count for `user`. One statement, so that a message deleted
/// meanwhile is seen either as a message or as a gap, never as both.
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
    let skipped = tx.get(
        "SELECT (SELECT count(*) FROM uncounted WHERE chat_id = ?1 AND seq > ?3 AND seq <= ?4) + (SELECT count(*) \
         FROM messages WHERE chat_id = ?1 AND author_id = ?2 AND kind <> 2 AND seq > ?3 AND seq <= ?4)",
        params![chat, user, cursor, last],
        |row| row.int(0),
    )?;
    Ok(last.get() - cursor.get() - skipped)
}

/// After which seqs nothing is left out of a count, as it stands in the rows of chat and member. There may be less before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// In the chat: neither notices nor gaps.
    pub uncounted: Seq,
    /// For the member: no messages of its own.
    pub own: Seq,
}

columns! {
    Bounds from "members m JOIN chats c ON c.id = m.chat_id" {
        uncounted: Seq = "c.uncounted_seq",
        own: Seq = "m.own_seq",
    }
}

/// What a read asks about.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The chat.
    pub chat: ChatId,
    /// Who reads.
    pub user: UserId,
    /// What is read for the first time, as far as seqs tell.
    pub range: Option<ViewRange>,
    /// Where the cursor will be.
    pub cursor: Seq,
    /// The chat's last seq.
    pub last: Seq,
    /// After which seqs everything counts.
    pub bounds: Bounds,
    /// The last message at or before the cursor, where that is known.
    pub last_read: Option<MessageId>,
}

/// What lies around a cursor and in what is read.
#[derive(Clone, Copy, Debug)]
pub struct Around {
    /// The first and the last message of what is read that `user` can view: neither own nor notices (rule R13).
    pub viewable: Option<ViewRange>,
    /// The last message at or before the cursor, 0 for none.
    pub last_read: MessageId,
    /// Messages after the cursor that count.
    pub counter: i64,
    /// Whether a member of the chat is told of reads.
    pub heard: bool,
}

columns! {
    /// What [`look_around`] asks for; `None` for what it does not ask for, and for what is not there.
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

/// Looks at what a read needs to know: what can be viewed for the first time, and what is left after the cursor. One statement, and
/// in it only what is not known beforehand: a look is an index to search, and most reads go on by one message of somebody else.
pub fn look_around(tx: &mut dyn Tx, look: &Look) -> Result<Around, StoreError> {
    let Look { cursor, last, .. } = *look;
    // An empty range has no message in it.
    let range = look.range.unwrap_or(ViewRange {
        from: Seq(1),
        to: Seq::ZERO,
    });
    let found = tx.get(
        Found::SELECT,
        params![
            look.chat,
            look.user,
            range.from,
            range.to,
            cursor,
            last,
            range.from <= range.to,
            range.from < range.to,
            look.last_read.is_none(),
            look.bounds.uncounted > cursor,
            look.bounds.own > cursor,
        ],
        Found::from_row,
    )?;
    let last_viewable = if range.from == range.to {
        found.first_viewable
    } else {
        found.last_viewable
    };
    let after = (last.get() - cursor.get()).max(0);
    Ok(Around {
        viewable: found
            .first_viewable
            .zip(last_viewable)
            .map(|(from, to)| ViewRange { from, to }),
        last_read: look.last_read.or(found.last_read).unwrap_or_default(),
        counter: after - found.uncounted,
        heard: found.heard,
    })
}

/// Where a member stands in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Messages after the cursor that count.
    pub counter: i64,
    /// The first of them, 0 for none.
    pub first_unread: MessageId,
    /// The last message at or before the cursor, 0 for none.
    pub last_read: MessageId,
}

/// Where `user` stands with this cursor in a chat that ends with `tail`: nothing is asked where nothing follows the cursor, else
/// one statement.
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
    /// Messages that count; may be 0 where only the flag is set.
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
    // Ordered here: the database would copy every row for it.
    let mut rows: Vec<(CounterRow, Timestamp)> = tx.list(
        sql!(
            "SELECT ",
            CounterRow::COLUMNS,
            ", c.last_activity_at FROM members m JOIN chats c ON c.id = m.chat_id WHERE m.user_id = ?1 AND \
             (c.last_seq > m.cursor_seq OR m.unread_flag = 1) AND (m.hidden_seq IS NULL OR c.last_post_seq > m.hidden_seq)"
        ),
        params![user],
        <(CounterRow, Timestamp)>::from_row,
    )?;
    rows.retain(|(row, _)| row.counter > 0 || row.flagged);
    rows.sort_unstable_by_key(|(row, active_at)| Reverse((*active_at, row.chat)));
    Ok(rows.into_iter().map(|(row, _)| row).collect())
}
