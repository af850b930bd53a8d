//! The index of words in messages, for `im.dialog.messages.search`.

use std::sync::LazyLock;

use readmark_model::{ChatId, Seq};

use crate::{StoreError, Tx, TxExt, params, tx::Param};

/// The direction of a search in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the newest message to the oldest.
    Backward,
    /// From the oldest message to the newest.
    Forward,
}

/// The numbers of rows that one statement can insert, the greatest first. The rest is inserted by the smaller ones.
const ROWS: [usize; 3] = [128, 8, 1];

static INSERTS: LazyLock<[String; 3]> = LazyLock::new(|| ROWS.map(insert_of));

/// The statement that inserts `rows` words. The chat is the first parameter; then come word and seq of each row.
fn insert_of(rows: usize) -> String {
    let values: Vec<String> = (1..=rows)
        .map(|row| format!("(?1, ?{}, ?{})", 2 * row, 2 * row + 1))
        .collect();
    format!(
        "INSERT INTO message_words (chat_id, word, seq) VALUES {} ON CONFLICT DO NOTHING",
        values.join(", ")
    )
}

/// Indexes words of a chat's messages, many in one statement. Sorted words cost least: those that begin alike are on the same
/// pages.
pub fn insert_all(
    tx: &mut dyn Tx,
    chat: ChatId,
    words: &[(String, Seq)],
) -> Result<(), StoreError> {
    let mut left = words;
    for (rows, sql) in ROWS.into_iter().zip(INSERTS.iter()) {
        while let Some((now, later)) = left.split_at_checked(rows) {
            let values: Vec<Param<'_>> = [Param::from(chat)]
                .into_iter()
                .chain(
                    now.iter()
                        .flat_map(|(word, seq)| [Param::from(word), Param::from(*seq)]),
                )
                .collect();
            tx.execute(sql, &values)?;
            left = later;
        }
    }
    Ok(())
}

/// Removes the words of a message from the index.
pub fn delete(tx: &mut dyn Tx, chat: ChatId, seq: Seq, words: &[String]) -> Result<(), StoreError> {
    for word in words {
        tx.execute(
            "DELETE FROM message_words WHERE chat_id = ?1 AND word = ?2 AND seq = ?3",
            params![chat, word, seq],
        )?;
    }
    Ok(())
}

/// The distinct words of a chat that begin with `prefix`, at most `limit`, each with the first seq at which a search from `start`
/// finds it. Costs two look-ups per word, however often it is used.
pub fn list_beginning_with(
    tx: &mut dyn Tx,
    chat: ChatId,
    prefix: &str,
    start: Seq,
    direction: Direction,
    limit: i64,
) -> Result<Vec<(String, Option<Seq>)>, StoreError> {
    // Each step skips from one word to the next, over all its messages.
    macro_rules! words_with {
        ($first:literal) => {
            concat!(
                "WITH RECURSIVE found (word, number) AS (SELECT (SELECT word FROM message_words WHERE chat_id = ?1 AND \
                 word >= ?2 AND word < ?3 ORDER BY word LIMIT 1), 1 UNION ALL SELECT (SELECT m.word FROM message_words m \
                 WHERE m.chat_id = ?1 AND m.word > found.word AND m.word < ?3 ORDER BY m.word LIMIT 1), found.number + 1 \
                 FROM found WHERE found.word IS NOT NULL AND found.number < ?5) \
                 SELECT f.word, (SELECT w.seq FROM message_words w WHERE w.chat_id = ?1 AND w.word = f.word AND ",
                $first,
                " LIMIT 1) FROM found f WHERE f.word IS NOT NULL"
            )
        };
    }
    let sql = match direction {
        Direction::Backward => words_with!("w.seq <= ?4 ORDER BY w.seq DESC"),
        Direction::Forward => words_with!("w.seq >= ?4 ORDER BY w.seq"),
    };
    let end = prefix_end(prefix);
    tx.list(sql, params![chat, prefix, &end, start, limit], |row| {
        Ok((row.string(0)?, row.opt_id(1)?))
    })
}

/// The seqs of the messages that contain a word, from `start` on in the direction.
pub fn list_seqs(
    tx: &mut dyn Tx,
    chat: ChatId,
    word: &str,
    start: Seq,
    direction: Direction,
    limit: i64,
) -> Result<Vec<Seq>, StoreError> {
    let sql = match direction {
        Direction::Backward => {
            "SELECT seq FROM message_words WHERE chat_id = ?1 AND word = ?2 AND seq <= ?3 ORDER BY seq DESC LIMIT ?4"
        }
        Direction::Forward => {
            "SELECT seq FROM message_words WHERE chat_id = ?1 AND word = ?2 AND seq >= ?3 ORDER BY seq LIMIT ?4"
        }
    };
    tx.list(sql, params![chat, word, start, limit], |row| row.id(0))
}

/// The seqs of the messages that contain a word beginning with `prefix`, once for each such word, in no particular order; at most
/// `limit`.
pub fn list_seqs_beginning_with(
    tx: &mut dyn Tx,
    chat: ChatId,
    prefix: &str,
    limit: i64,
) -> Result<Vec<Seq>, StoreError> {
    let end = prefix_end(prefix);
    tx.list(
        "SELECT seq FROM message_words WHERE chat_id = ?1 AND word >= ?2 AND word < ?3 LIMIT ?4",
        params![chat, prefix, &end, limit],
        |row| row.id(0),
    )
}

/// An upper bound of the texts with this prefix, in the order of UTF-8 bytes.
pub(super) fn prefix_end(prefix: &str) -> String {
    let mut end = prefix.to_owned();
    end.push(char::MAX);
    end
}
