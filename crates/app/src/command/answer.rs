//! Answering the call of a command: `imbot.v2.Command.answer` and `imbot.command.answer`.

use readmark_model::{ChatId, ChatKind, DialogId, MessageId, MessageKind, bot::Bot};
use readmark_store::repo::{chat, command, member, user};

use crate::{
    Cx, Interrupt, Refused,
    access::WORKGROUP,
    message::send::{self, Draft},
};

/// The call to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// The command.
    pub command: i64,
    /// The message that called it.
    pub message: MessageId,
    /// The dialog of the message, if the caller must name it.
    pub dialog: Option<DialogId>,
}

/// Why an answer is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerRefusal {
    /// The bot has no such command, the message did not call it, or that was too long ago.
    NoCall,
    /// The message is in another dialog.
    OtherDialog,
}

/// Returns the call of a command as the acting bot. The call lets it write to the chat of the message, and to no other, even
/// without membership or the right to post. Where it is not a member it writes a system message that begins with its name.
///
/// # Errors
/// [`AnswerRefusal`]; then nothing changes.
pub fn answer(
    cx: &mut Cx<'_>,
    bot: &Bot,
    call: &Call,
    draft: &Draft<'_>,
) -> Result<MessageId, Refused<AnswerRefusal>> {
    const NO_CALL: Refused<AnswerRefusal> = Refused::Because(AnswerRefusal::NoCall);
    let command = command::find(cx.tx, call.command)?;
    if command.is_none_or(|command| command.bot != bot.user) {
        return Err(NO_CALL);
    }
    let pass = command::find_pass(cx.tx, call.message, call.command, cx.now)?.ok_or(NO_CALL)?;
    if let Some(dialog) = call.dialog
        && !is_dialog_of(cx, dialog, pass.chat)?
    {
        return Err(Refused::Because(AnswerRefusal::OtherDialog));
    }
    let signed;
    let draft = if member::find_role(cx.tx, pass.chat, bot.user)?.is_some() {
        draft.clone()
    } else {
        let name = user::find(cx.tx, bot.user)?.map_or_else(String::new, |user| user.full_name());
        signed = format!("[B]{name}[/B]\n{}", draft.text);
        Draft {
            kind: MessageKind::System,
            text: &signed,
            ..draft.clone()
        }
    };
    send::send_by_pass(cx, pass.chat, &draft)?.ok_or(NO_CALL)
}

/// Whether a dialog id names a chat. A private chat is named by either of its users.
fn is_dialog_of(cx: &mut Cx<'_>, dialog: DialogId, id: ChatId) -> Result<bool, Interrupt> {
    Ok(match dialog {
        DialogId::Chat(named) => named == id,
        DialogId::Workgroup(group) => {
            chat::find_by_entity(cx.tx, WORKGROUP, &group.to_string())? == Some(id)
        }
        DialogId::User(user) => chat::find(cx.tx, id)?.is_some_and(|chat| {
            let named = |(low, high)| low == user || high == user;
            chat.kind == ChatKind::Private && chat.pair.is_some_and(named)
        }),
    })
}
