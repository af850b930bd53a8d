//! The words of chats' titles and of users' names, positions and departments, by which `im.search.*` finds them.
//!
//! SQL cannot take a text apart, so that these tables are an index that the program keeps: whatever writes a title or a user
//! writes the words in the same transaction, and nobody else does.

use readmark_model::{ChatId, UserId, text};

use super::{
    split::{join, with_parts},
    user::User,
    word::prefix_end,
};
use crate::{StoreError, Tx, TxExt, params};

/// What of a user a word is from.
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
    /// The number stored.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Name => 1,
            Self::Position => 2,
            Self::Department => 3,
        }
    }
}

/// The words under which a user is stored, by part.
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

/// Stores the words of a chat's title in the place of those of an earlier one.
pub(super) fn replace_chat(tx: &mut dyn Tx, id: ChatId, title: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM chat_words WHERE chat_id = ?1", params![id])?;
    insert_chat(tx, id, title)
}

/// Stores the words of the title of a chat that has none stored.
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

/// Stores the words of a user in the place of earlier ones; nothing is written where they are the same.
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

/// Which users a search finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// All but dismissed users and hidden bots.
    Everybody,
    /// Those of them who are people of the company.
    Employees,
}

/// Those of `among` who have a word in their names or positions that begins with `prefix`, or are in one of `departments`, in
/// no order. It costs the entries of the index that begin so.
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

/// Who looks for chats, and for which.
#[derive(Clone, Copy, Debug)]
pub struct ChatSearch<'a> {
    /// Whose chats are looked through.
    pub user: UserId,
    /// Open chats and channels that the user is no member of, too.
    pub open: bool,
    /// The type of the external objects whose chats are meant.
    pub entity_type: &'a str,
    /// Chats of objects of this type and no others; else all but these.
    pub of_type: bool,
}

/// The chats but private ones that have a word in their title, or in a member's name, that begins with `prefix`, in no order. It
/// costs the entries of the index that begin so, and the chats of those who are called so.
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
