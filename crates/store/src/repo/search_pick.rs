//! What users picked from search results: `im.search.last.*`.

use readmark_model::{ChatId, UserId};

use crate::{StoreError, Tx, TxExt, params};

/// A picked chat or user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// A chat.
    Chat(ChatId),
    /// A user, who may be the one who picked.
    User(UserId),
}

impl Pick {
    fn columns(self) -> (ChatId, UserId) {
        match self {
            Self::Chat(id) => (id, UserId(0)),
            Self::User(id) => (ChatId(0), id),
        }
    }
}

/// Puts a pick at the head of a user's list and deletes all but the first `most`. The caller has the user locked.
pub fn put(tx: &mut dyn Tx, user: UserId, pick: Pick, most: i64) -> Result<(), StoreError> {
    let (chat, peer) = pick.columns();
    tx.execute(
        "INSERT INTO search_picks (user_id, chat_id, peer_id, place) \
         SELECT CAST(?1 AS BIGINT), CAST(?2 AS BIGINT), CAST(?3 AS BIGINT), COALESCE(MAX(place), 0) + 1 \
         FROM search_picks WHERE user_id = ?1 \
         ON CONFLICT (user_id, chat_id, peer_id) DO UPDATE SET place = excluded.place",
        params![user, chat, peer],
    )?;
    tx.execute(
        "DELETE FROM search_picks WHERE user_id = ?1 AND place <= \
         (SELECT place FROM search_picks WHERE user_id = ?1 ORDER BY place DESC LIMIT 1 OFFSET ?2)",
        params![user, most],
    )
    .map(drop)
}

/// Deletes a pick; `false` when there was none.
pub fn delete(tx: &mut dyn Tx, user: UserId, pick: Pick) -> Result<bool, StoreError> {
    let (chat, peer) = pick.columns();
    let rows = tx.execute(
        "DELETE FROM search_picks WHERE user_id = ?1 AND chat_id = ?2 AND peer_id = ?3",
        params![user, chat, peer],
    )?;
    Ok(rows > 0)
}

/// The picks of a user, the latest first.
pub fn list(tx: &mut dyn Tx, user: UserId) -> Result<Vec<Pick>, StoreError> {
    tx.list(
        "SELECT chat_id, peer_id FROM search_picks WHERE user_id = ?1 ORDER BY place DESC",
        params![user],
        |row| {
            Ok(match row.int(1)? {
                0 => Pick::Chat(row.id(0)?),
                _ => Pick::User(row.id(1)?),
            })
        },
    )
}
