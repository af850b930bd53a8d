//! Texts of the automatic notices in chats. They never count (rule R2).

use readmark_model::{ChatId, UserId, message_params::Notice};
use readmark_store::{StoreError, repo::user};

use crate::{Cx, message::send};

/// The most invited users that a notice names.
const MAX_NAMED: usize = 20;

fn mention(cx: &mut Cx<'_>, id: UserId) -> Result<String, StoreError> {
    let name = user::find(cx.tx, id)?.map_or_else(String::new, |found| found.full_name());
    Ok(format!("[USER={id} REPLACE]{name}[/USER]"))
}

/// A member invited others, or joined.
pub(super) fn joined(cx: &mut Cx<'_>, chat: ChatId, added: &[UserId]) -> Result<(), StoreError> {
    let who = cx.user;
    let actor = mention(cx, who)?;
    let text = if added == [who] {
        format!("{actor} joined the chat")
    } else {
        let mut names = Vec::new();
        for &user in added.iter().take(MAX_NAMED) {
            names.push(mention(cx, user)?);
        }
        let names = names.join(", ");
        match added.len().saturating_sub(MAX_NAMED) {
            0 => format!("{actor} invited {names} to the chat"),
            more => format!("{actor} invited {names} and {more} more to the chat"),
        }
    };
    send::notice(cx, chat, &text, Notice::Joined).map(drop)
}

/// A member left, or was removed.
pub(super) fn left(cx: &mut Cx<'_>, chat: ChatId, user: UserId) -> Result<(), StoreError> {
    let who = cx.user;
    let actor = mention(cx, who)?;
    let text = if user == who {
        format!("{actor} left the chat")
    } else {
        format!("{actor} removed {} from the chat", mention(cx, user)?)
    };
    send::notice(cx, chat, &text, Notice::Left).map(drop)
}

/// The title changed.
pub(super) fn renamed(cx: &mut Cx<'_>, chat: ChatId, title: &str) -> Result<(), StoreError> {
    let who = cx.user;
    let text = format!("{} renamed the chat to \"{title}\"", mention(cx, who)?);
    send::notice(cx, chat, &text, Notice::Other).map(drop)
}
