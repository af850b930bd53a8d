//! Sending, changing, deleting, finding, reading and liking messages (rules R4, R9).

pub mod around;
pub(crate) mod called;
pub mod delete;
pub mod history;
pub mod mention;
pub mod react;
pub mod search;
pub mod send;
pub mod show;
pub mod typing;
pub mod update;
pub mod words;

use std::borrow::Cow;

use readmark_model::{MessageId, message::Message, text};
use readmark_store::repo::message;

use crate::{
    Cx, Interrupt,
    access::{self, Access},
};

/// A message that the acting user may see, with the access to its chat; `None` when there is none, it is in another
/// chat or in hidden history. A guest of an open chat sees all of it.
pub fn find_visible(
    cx: &mut Cx<'_>,
    id: MessageId,
) -> Result<Option<(Message, Access)>, Interrupt> {
    let Some(message) = message::find(cx.tx, id)? else {
        return Ok(None);
    };
    let access = access::look(cx, message.chat)?;
    Ok(access
        .filter(|access| message.seq >= show::visible_from(access))
        .map(|access| (message, access)))
}

/// A text as stored: without unstorable characters, and cut to the documented length.
fn stored_text(text: &str) -> Cow<'_, str> {
    match text::without_nul(text) {
        Cow::Borrowed(text) => text::cut_message(text),
        Cow::Owned(text) => Cow::Owned(text::cut_message(&text).into_owned()),
    }
}
