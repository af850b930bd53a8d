//! The index of words, by which messages are found.
//!
//! Each word is a row at a place of its own, so that writing them with every message would cost more than the message itself.
//! They are written for many messages of a chat at once, in order of the alphabet; a search reads the messages at the end of
//! the chat that are not indexed yet.

use readmark_model::{Seq, chat::Chat, message::Message, text};
use readmark_store::{
    StoreError,
    repo::{chat, message, word},
};

use crate::Cx;

/// The words of so many messages of a chat are written at once: at most one fewer wait.
pub const BATCH: i64 = 64;

/// After a message was written at `last`, the end of a chat that is locked: writes the words of those that wait when there are
/// enough of them.
pub(super) fn catch_up(cx: &mut Cx<'_>, chat: &Chat, last: Seq) -> Result<(), StoreError> {
    if last.get() - chat.indexed.get() < BATCH {
        return Ok(());
    }
    let mut words = Vec::new();
    message::each_text(cx.tx, chat.id, chat.indexed, |seq, text| {
        words.extend(text::search_words(text).into_iter().map(|word| (word, seq)));
    })?;
    words.sort_unstable();
    word::insert_all(cx.tx, chat.id, &words)?;
    chat::update_indexed(cx.tx, chat.id, last)
}

/// Makes a message of a chat that is locked found by the words of its new text only; by none when that is empty.
pub(super) fn exchange(
    cx: &mut Cx<'_>,
    chat: &Chat,
    message: &Message,
    text: &str,
) -> Result<(), StoreError> {
    if message.seq > chat.indexed {
        return Ok(());
    }
    let old = text::search_words(&message.text);
    word::delete(cx.tx, chat.id, message.seq, &old)?;
    let new: Vec<(String, Seq)> = text::search_words(text)
        .into_iter()
        .map(|word| (word, message.seq))
        .collect();
    word::insert_all(cx.tx, chat.id, &new)
}
