//! The word index, by which messages are found.
//!
//! Each word is a row at its own place in the index, so writing words with every message would cost more than the message
//! itself. They are written for many messages of a chat at once, in alphabetical order; a search scans the messages at the
//! end of the chat that are not indexed yet.

use readmark_model::{Seq, chat::Chat, message::Message, text};
use readmark_store::{
    StoreError,
    repo::{chat, message, word},
};

use crate::Cx;

/// How many messages of a chat are indexed at once: at most one fewer wait.
pub const BATCH: i64 = 64;

/// Called after a message was written at `last`, the end of a locked chat: indexes the waiting messages if there are enough.
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

/// Re-indexes a message of a locked chat under its new text; an empty text removes it from the index.
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
