//! Whether members see an input field: `imbot.v2.Chat.TextField.enabled`.

use readmark_model::{ChatId, Event};
use readmark_store::repo::{chat, member};

use crate::{Cx, Refused};

/// There is no such chat, or the acting user is not a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotMember;

/// Shows the input field of a chat, or hides it. Any member may, also in a private chat. Only clients honour it: sending is
/// not restricted.
///
/// # Errors
/// [`NotMember`]; then nothing changes.
pub fn enable(cx: &mut Cx<'_>, id: ChatId, enabled: bool) -> Result<(), Refused<NotMember>> {
    const NO: Refused<NotMember> = Refused::Because(NotMember);
    let chat = chat::lock_exclusive(cx.tx, id)?.ok_or(NO)?;
    member::find_role(cx.tx, id, cx.user)?.ok_or(NO)?;
    if chat.text_field_enabled != enabled {
        chat::update_text_field(cx.tx, id, enabled)?;
        cx.record(Event::ChatUpdated {
            chat: id,
            by: cx.user,
        });
    }
    Ok(())
}
