//! Views, and the viewers of a message (rule R13).
//!
//! A view row is looked up by its user and by its time, so that adding one to `views` changes two pages of a SQLite file, each
//! of them hardly ever shared with another read. Therefore a read adds it to `recent_views`, which is so small that all reads
//! share its few pages, and the read that fills it [merges](merge_recent) it into `views`: sorted, in one statement, within its
//! own commit. A question looks at both. On PostgreSQL an index entry costs next to nothing beside the statement, while a table
//! that is emptied all the time is full of dead rows: rows are added to `views` directly, and `recent_views` stays empty.
//!
//! Of each user in each chat, rows of `recent_views` come after those of `views`. `readmark verify` checks it.

use readmark_model::{
    ChatId, MessageId, Role, Seq, Timestamp, UserId, ViewRange,
    message::Viewed,
    user,
    view::{Reader, Viewer},
};

use crate::{
    StoreError, Tx, TxExt,
    columns::{Columns, FromRow, columns},
    dialect::Dialect,
    memory::{RecentViews, Tables},
    params,
    repo::hot,
    sql::sql,
    tx::Row,
};

/// `recent_views` always has fewer rows. As many are merged at once, which takes a few milliseconds; a question about a chat
/// looks at all of them at most.
pub const MAX_RECENT: i64 = 1024;

/// Adds a view row.
pub fn insert(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
    range: ViewRange,
    at: Timestamp,
) -> Result<(), StoreError> {
    let values = params![chat, user, range.to, range.from, at];
    match tx.dialect() {
        Dialect::Sqlite => {
            // The number is known, so that the statement needs not answer it, which would more than double its cost.
            hot::execute(
                tx,
                Tables::RECENT_VIEWS,
                |tx| {
                    tx.execute(
                        "INSERT INTO recent_views (chat_id, user_id, to_seq, from_seq, viewed_at) \
                         VALUES (?1, ?2, ?3, ?4, ?5)",
                        values,
                    )
                },
                |memory, _| memory.change::<RecentViews>((), |rows| rows.0 += 1),
            )?;
            let rows = hot::find::<RecentViews>(tx, ())?.map_or(0, |rows| rows.0);
            if rows >= MAX_RECENT {
                merge_recent(tx)?;
            }
            Ok(())
        }
        Dialect::Postgres => tx
            .execute(
                "INSERT INTO views (chat_id, user_id, to_seq, from_seq, viewed_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                values,
            )
            .map(drop),
    }
}

/// Merges the recent views into the others. In the order of their key, so that those of one chat and user, and of one chat and
/// time, change the same pages.
pub fn merge_recent(tx: &mut dyn Tx) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO views (chat_id, user_id, to_seq, from_seq, viewed_at) SELECT chat_id, user_id, to_seq, from_seq, \
         viewed_at FROM recent_views ORDER BY chat_id, user_id, to_seq",
        params![],
    )?;
    tx.execute("DELETE FROM recent_views", params![]).map(drop)
}

/// One query on `views` and on `recent_views`, with what follows both: `in_both!("SELECT 1 FROM ", " WHERE …", " LIMIT 1")`.
/// Both are read in one statement, so that a row is seen in one of them.
macro_rules! in_both {
    ($before:expr, $after:expr, $end:expr) => {
        sql!(
            $before,
            "views v",
            $after,
            " UNION ALL ",
            $before,
            "recent_views v",
            $after,
            $end
        )
    };
}

/// The end of a user's views in a chat, including those of an earlier membership, and the time of the last one.
pub fn find_end(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
) -> Result<Option<(Seq, Timestamp)>, StoreError> {
    tx.find(
        in_both!(
            "SELECT v.to_seq, v.viewed_at FROM ",
            " WHERE v.chat_id = ?1 AND v.user_id = ?2",
            " ORDER BY 1 DESC LIMIT 1"
        ),
        params![chat, user],
        |row| Ok((row.id(0)?, row.id(1)?)),
    )
}

/// Whether `user` viewed the message `seq`.
pub fn has_viewed(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
    seq: Seq,
) -> Result<bool, StoreError> {
    Ok(tx
        .find(
            in_both!(
                "SELECT v.from_seq, v.to_seq FROM ",
                " WHERE v.chat_id = ?1 AND v.user_id = ?2 AND v.to_seq >= ?3",
                " ORDER BY 2 LIMIT 1"
            ),
            params![chat, user, seq],
            |row| row.id::<Seq>(0),
        )?
        .is_some_and(|from| from <= seq))
}

columns! {
    Viewer from "views v JOIN users u ON u.id = v.user_id" {
        user: UserId = "v.user_id",
        name: FullName = "u.name, u.last_name" => |name| Ok(name.0),
        avatar: String = "u.avatar",
        at: Timestamp = "v.viewed_at",
    }
}

/// The view rows `v` of the viewers of a message. A member has at most one range that contains a seq.
const OF_VIEWERS: &str = " JOIN members m ON m.chat_id = v.chat_id AND m.user_id = v.user_id \
     JOIN users u ON u.id = v.user_id WHERE v.chat_id = ?1 AND v.viewed_at >= ?4 AND v.from_seq <= ?2 AND \
     v.to_seq >= ?2 AND v.user_id <> ?3 AND m.visible_from_seq <= ?2 AND u.hide_receipts = 0";

/// The viewers of a message among the members with ids after `?4`, by one look-up in `views` for each member.
const OF_MEMBERS: &str = " FROM members m JOIN users u ON u.id = m.user_id JOIN views v ON v.chat_id = m.chat_id AND \
     v.user_id = m.user_id AND v.to_seq = (SELECT min(w.to_seq) FROM views w WHERE w.chat_id = m.chat_id AND \
     w.user_id = m.user_id AND w.to_seq >= ?2) WHERE m.chat_id = ?1 AND m.user_id > ?4 AND m.user_id <> ?3 AND \
     m.visible_from_seq <= ?2 AND v.from_seq <= ?2 AND u.hide_receipts = 0";

/// The same among the recent views, which SQLite must begin with: with CROSS JOIN it takes tables in the order written.
const OF_RECENT: &str = " FROM recent_views v CROSS JOIN members m CROSS JOIN users u WHERE m.chat_id = v.chat_id AND \
     m.user_id = v.user_id AND u.id = v.user_id AND v.chat_id = ?1 AND v.user_id > ?4 AND v.from_seq <= ?2 AND \
     v.to_seq >= ?2 AND v.user_id <> ?3 AND m.visible_from_seq <= ?2 AND u.hide_receipts = 0";

/// The first viewers of a message, in the order of time.
pub fn list_first(tx: &mut dyn Tx, of: Viewed, limit: i64) -> Result<Vec<Viewer>, StoreError> {
    tx.list(
        // The fifth column is the time, the first one the user.
        in_both!(
            sql!("SELECT ", Viewer::COLUMNS, " FROM "),
            OF_VIEWERS,
            " ORDER BY 5, 1 LIMIT ?5"
        ),
        params![of.chat, of.seq, of.author, of.created_at, limit],
        Viewer::from_row,
    )
}

/// The exact number of viewers of a message.
pub fn count(tx: &mut dyn Tx, of: Viewed) -> Result<i64, StoreError> {
    tx.get(
        sql!(
            "SELECT (SELECT count(*) FROM views v",
            OF_VIEWERS,
            ") + (SELECT count(*) FROM recent_views v",
            OF_VIEWERS,
            ")"
        ),
        params![of.chat, of.seq, of.author, of.created_at],
        |row| row.int(0),
    )
}

/// The same number at the cost of one look-up per member, however many views there were since the message.
pub fn count_by_members(tx: &mut dyn Tx, of: Viewed) -> Result<i64, StoreError> {
    tx.get(
        sql!(
            "SELECT (SELECT count(*)",
            OF_MEMBERS,
            ") + (SELECT count(*)",
            OF_RECENT,
            ")"
        ),
        params![of.chat, of.seq, of.author, UserId(0)],
        |row| row.int(0),
    )
}

/// Whether a chat has more than `times` views at or after a time.
pub fn has_more_since(
    tx: &mut dyn Tx,
    chat: ChatId,
    since: Timestamp,
    times: i64,
) -> Result<bool, StoreError> {
    Ok(tx
        .find(
            in_both!(
                "SELECT 1 FROM ",
                " WHERE v.chat_id = ?1 AND v.viewed_at >= ?2",
                " LIMIT 1 OFFSET ?3"
            ),
            params![chat, since, times],
            |_| Ok(()),
        )?
        .is_some())
}

/// Whether a message has a viewer.
pub fn exists(tx: &mut dyn Tx, of: Viewed) -> Result<bool, StoreError> {
    Ok(tx
        .find(
            in_both!("SELECT 1 FROM ", OF_VIEWERS, " LIMIT 1"),
            params![of.chat, of.seq, of.author, of.created_at],
            |_| Ok(()),
        )?
        .is_some())
}

/// A page of the viewers of a message, in the order of ids. Costs one look-up per member that it passes.
pub fn list_page(
    tx: &mut dyn Tx,
    of: Viewed,
    after: UserId,
    limit: i64,
) -> Result<Vec<Viewer>, StoreError> {
    // Two statements, as in one both would be sorted whole. No write comes between them where there are recent views.
    let values = params![of.chat, of.seq, of.author, after, limit];
    macro_rules! page_of {
        ($rows:expr) => {
            sql!(
                "SELECT ",
                Viewer::COLUMNS,
                $rows,
                " ORDER BY m.user_id LIMIT ?5"
            )
        };
    }
    let mut viewers = tx.list(page_of!(OF_MEMBERS), values, Viewer::from_row)?;
    viewers.extend(tx.list(page_of!(OF_RECENT), values, Viewer::from_row)?);
    viewers.sort_unstable_by_key(|viewer| viewer.user);
    viewers.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(viewers)
}

/// Member `?2` of chat `?1`, with the seq of the last message that the member viewed, can see and that still exists.
const READER: &str = "(SELECT m.user_id, m.chat_id, u.name, u.last_name, u.hide_receipts, (SELECT g.seq FROM messages g \
     WHERE g.chat_id = m.chat_id AND g.seq <= m.viewed_seq AND g.seq >= m.visible_from_seq AND \
     g.author_id <> m.user_id AND g.kind <> 2 AND (EXISTS (SELECT 1 FROM views w WHERE w.chat_id = m.chat_id AND \
     w.user_id = m.user_id AND w.to_seq >= g.seq AND w.from_seq <= g.seq) OR EXISTS (SELECT 1 FROM recent_views w \
     WHERE w.chat_id = m.chat_id AND w.user_id = m.user_id AND w.to_seq >= g.seq AND w.from_seq <= g.seq)) \
     ORDER BY g.seq DESC LIMIT 1) AS seq \
     FROM members m JOIN users u ON u.id = m.user_id WHERE m.chat_id = ?1 AND m.user_id = ?2) r";

columns! {
    /// A [`Reader`] as stored.
    pub(crate) struct ReaderRow from READER {
        user: UserId = "r.user_id",
        name: FullName = "r.name, r.last_name",
        hidden: bool = "r.hide_receipts",
        viewed: Option<MessageId> = "(SELECT g.id FROM messages g WHERE g.chat_id = r.chat_id AND g.seq = r.seq)",
        viewed_at: Option<Timestamp> = "coalesce((SELECT v.viewed_at FROM views v WHERE v.chat_id = r.chat_id AND \
             v.user_id = r.user_id AND v.to_seq >= r.seq ORDER BY v.to_seq LIMIT 1), (SELECT v.viewed_at \
             FROM recent_views v WHERE v.chat_id = r.chat_id AND v.user_id = r.user_id AND v.to_seq >= r.seq \
             ORDER BY v.to_seq LIMIT 1))",
    }
}

impl From<ReaderRow> for Reader {
    fn from(row: ReaderRow) -> Self {
        Self {
            user: row.user,
            name: row.name.0,
            viewed: row.viewed.zip(row.viewed_at).filter(|_| !row.hidden),
        }
    }
}

/// A member of a chat as a possible viewer of its messages.
#[derive(Clone, Debug)]
pub struct Spectator {
    /// The user.
    pub user: UserId,
    /// The role.
    pub role: Role,
    /// Full name.
    pub name: String,
    /// Path of the avatar, or empty.
    pub avatar: String,
    /// Whether the member hides receipts.
    pub hidden: bool,
    /// The first message that the member can see.
    pub visible_from: Seq,
    /// The end of the member's views, 0 for none.
    pub viewed: Seq,
    /// The last view: its first seq and its time.
    pub last: Option<(Seq, Timestamp)>,
}

columns! {
    Spectator from "members m JOIN users u ON u.id = m.user_id LEFT JOIN views v ON v.chat_id = m.chat_id AND \
         v.user_id = m.user_id AND v.to_seq = m.viewed_seq LEFT JOIN recent_views n ON n.chat_id = m.chat_id AND \
         n.user_id = m.user_id AND n.to_seq = m.viewed_seq" {
        user: UserId = "m.user_id",
        role: Role = "m.role",
        name: FullName = "u.name, u.last_name" => |name| Ok(name.0),
        avatar: String = "u.avatar",
        hidden: bool = "u.hide_receipts",
        visible_from: Seq = "m.visible_from_seq",
        viewed: Seq = "m.viewed_seq",
        last: Option<(Seq, Timestamp)> = "coalesce(v.from_seq, n.from_seq), coalesce(v.viewed_at, n.viewed_at)",
    }
}

/// Every member of a chat with the last view, in the order of ids. Costs five look-ups per member, so it is for chats that are
/// not large.
pub fn list_spectators(tx: &mut dyn Tx, chat: ChatId) -> Result<Vec<Spectator>, StoreError> {
    tx.list(
        sql!(
            Spectator::SELECT,
            " WHERE m.chat_id = ?1 ORDER BY m.user_id"
        ),
        params![chat],
        Spectator::from_row,
    )
}

/// How far a member has viewed a chat, whatever was deleted since.
pub fn find_reader(
    tx: &mut dyn Tx,
    chat: ChatId,
    user: UserId,
) -> Result<Option<Reader>, StoreError> {
    let found = tx.find(ReaderRow::SELECT, params![chat, user], ReaderRow::from_row)?;
    Ok(found.map(Reader::from))
}

/// The `limit` members other than `except` who viewed something last, the latest first. Read from the latest view rows, of
/// which a member can have many.
pub fn list_latest_readers(
    tx: &mut dyn Tx,
    chat: ChatId,
    except: UserId,
    limit: usize,
) -> Result<Vec<Reader>, StoreError> {
    let mut readers = Vec::new();
    let mut seen = std::collections::HashSet::new();
    // Views are read backwards in pages, so that a chat of any size costs no more than the readers asked for.
    let page = 4 * i64::try_from(limit).unwrap_or(i64::MAX / 4);
    let mut before = (Timestamp(i64::MAX), UserId(i64::MAX));
    loop {
        let rows: Vec<(UserId, Timestamp)> = tx.list(
            in_both!(
                "SELECT v.user_id, v.viewed_at FROM ",
                " WHERE v.chat_id = ?1 AND v.viewed_at <= ?2 AND (v.viewed_at < ?2 OR v.user_id < ?3)",
                " ORDER BY 2 DESC, 1 DESC LIMIT ?4"
            ),
            params![chat, before.0, before.1, page],
            |row| Ok((row.id(0)?, row.id(1)?)),
        )?;
        let Some(&(user, at)) = rows.last() else {
            return Ok(readers);
        };
        before = (at, user);
        for (user, _) in rows {
            if user == except || !seen.insert(user) {
                continue;
            }
            let found = find_reader(tx, chat, user)?;
            readers.extend(found.filter(|reader| reader.viewed.is_some()));
            if readers.len() == limit {
                return Ok(readers);
            }
        }
    }
}

/// A full name, read from the columns of first and last name.
pub(crate) struct FullName(pub(crate) String);

impl FromRow for FullName {
    const WIDTH: usize = 2;

    fn find(row: &dyn Row, first: usize) -> Result<Option<Self>, StoreError> {
        match row.opt_text(first)? {
            Some(name) => Ok(Some(Self(user::full_name(name, row.text(first + 1)?)))),
            None => Ok(None),
        }
    }
}
