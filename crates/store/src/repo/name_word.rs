//! The index of words in titles of chats and in names, positions and departments of users, for `im.search.*`.
//!
//! SQL cannot split a text into words, so the program maintains this index: whatever writes a title or a user updates it in the
//! same transaction, and nothing else does.

use readmark_model::{ChatId, UserId, text, user::User};

use super::{
    split::{join, with_parts},
    word::prefix_end,
};
use crate::{StoreError, Tx, TxExt, params};

/// The part of a user that a word is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UserPart {
    /// First or last name.
    Name,
    /// Position.
    Position,
    /// A department: its id as text.
    Department,
}

impl UserPart {
    /// The code stored.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Name => 1,
            Self::Position => 2,
            Self::Department => 3,
        }
    }
}

/// The indexed words of a user, by part.
#[must_use]
pub fn user_words(user: &User) -> [(UserPart, Vec<String>); 3] {
    let departments: std::collections::BTreeSet<i64> = user.departments.iter().copied().collect();
    [
        (UserPart::Name, text::search_words(&user.full_name())),
        (UserPart::Position, text::search_words(&user.work_position)),
        (
            UserPart::Department,
            departments.iter().map(i64::to_string).collect(),
        ),
    ]
}

/// Indexes the title of a chat in place of an earlier one.
pub(super) fn replace_chat(tx: &mut dyn Tx, id: ChatId, title: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM chat_words WHERE chat_id = ?1", params![id])?;
    insert_chat(tx, id, title)
}

/// Indexes the title of a chat that is not indexed yet.
pub(super) fn insert_chat(tx: &mut dyn Tx, id: ChatId, title: &str) -> Result<(), StoreError> {
    let words = text::search_words(title);
    if words.is_empty() {
        return Ok(());
    }
    let sql = with_parts!(
        tx,
        "INSERT INTO chat_words (word, chat_id) SELECT part, CAST(?1 AS BIGINT) FROM ",
        "?2",
        " WHERE true ON CONFLICT DO NOTHING"
    );
    tx.execute(sql, params![id, &words.join(" ")]).map(drop)
}

/// Indexes a user in place of an earlier version; writes nothing if the words are the same.
pub(super) fn replace_user(tx: &mut dyn Tx, id: UserId, user: &User) -> Result<(), StoreError> {
    let mut wanted: Vec<(i64, String)> = user_words(user)
        .into_iter()
        .flat_map(|(part, words)| words.into_iter().map(move |word| (part.code(), word)))
        .collect();
    let mut stored = tx.list(
        "SELECT part, word FROM user_words WHERE user_id = ?1",
        params![id],
        |row| Ok((row.int(0)?, row.string(1)?)),
    )?;
    wanted.sort_unstable();
    stored.sort_unstable();
    if wanted == stored {
        return Ok(());
    }
    if !stored.is_empty() {
        tx.execute("DELETE FROM user_words WHERE user_id = ?1", params![id])?;
    }
    let sql = with_parts!(
        tx,
        "INSERT INTO user_words (part, word, user_id) SELECT CAST(?1 AS BIGINT), part, CAST(?2 AS BIGINT) FROM ",
        "?3",
        " WHERE true ON CONFLICT DO NOTHING"
    );
    for (part, words) in user_words(user) {
        if !words.is_empty() {
            tx.execute(sql, params![part.code(), id, &words.join(" ")])?;
        }
    }
    Ok(())
}

/// The users that a search can find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// All but dismissed users and hidden bots.
    Everybody,
    /// Those of them who are employees: people who are no extranet users.
    Employees,
}

/// Those of `among` who have a word in their names or positions that begins with `prefix`, or are in one of `departments`, in
/// no particular order. Costs the matching entries of the index.
pub fn list_users(
    tx: &mut dyn Tx,
    prefix: &str,
    departments: &[i64],
    among: Among,
) -> Result<Vec<UserId>, StoreError> {
    let sql = with_parts!(
        tx,
        "SELECT u.id FROM (SELECT user_id FROM user_words WHERE part = 1 AND word >= ?1 AND word < ?2 \
         UNION SELECT user_id FROM user_words WHERE part = 2 AND word >= ?1 AND word < ?2 \
         UNION SELECT w.user_id FROM ",
        "?3",
        " JOIN user_words w ON w.part = 3 AND w.word = list.part) found \
         JOIN users u ON u.id = found.user_id LEFT JOIN bots b ON b.user_id = u.id \
         WHERE u.active = 1 AND (b.hidden IS NULL OR b.hidden = 0) AND (?4 = 0 OR u.kind = 0 AND u.extranet = 0)"
    );
    let employees = among == Among::Employees;
    let departments = join(departments.iter().copied());
    tx.list(
        sql,
        params![prefix, &prefix_end(prefix), &departments, employees],
        |row| row.id(0),
    )
}

/// A search for chats.
#[derive(Clone, Copy, Debug)]
pub struct ChatSearch<'a> {
    /// The user whose chats are searched.
    pub user: UserId,
    /// Whether to search open chats and channels that the user is not a member of, too.
    pub open: bool,
    /// A type of external objects.
    pub entity_type: &'a str,
    /// Whether to find only chats of objects of this type, or all but these.
    pub of_type: bool,
}

/// The chats, except private ones, that have a word in their title or in a member's name that begins with `prefix`, in no
/// particular order. Costs the matching entries of the index, and the chats of users with a matching name.
pub fn list_chats(
    tx: &mut dyn Tx,
    prefix: &str,
    search: &ChatSearch<'_>,
) -> Result<Vec<ChatId>, StoreError> {
    tx.list(
        "SELECT c.id FROM (SELECT chat_id FROM chat_words WHERE word >= ?1 AND word < ?2 UNION SELECT m.chat_id \
         FROM user_words w JOIN members m ON m.user_id = w.user_id WHERE w.part = 1 AND w.word >= ?1 AND w.word < ?2) found \
         JOIN chats c ON c.id = found.chat_id WHERE c.kind <> 1 AND (c.entity_type = ?5) = (?6 = 1) AND \
         ((?4 = 1 AND c.kind IN (3, 5)) OR EXISTS (SELECT 1 FROM members own WHERE own.user_id = ?3 AND own.chat_id = c.id))",
        params![
            prefix,
            &prefix_end(prefix),
            search.user,
            search.open,
            search.entity_type,
            search.of_type
        ],
        |row| row.id(0),
    )
}
