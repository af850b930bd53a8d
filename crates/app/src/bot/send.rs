//! `imbot.v2.Chat.Message.send`: a message, forwarded messages, or both.

use readmark_model::{ChatId, MessageId, MessageKind, message::Message};
use readmark_store::repo::{member, message};

use crate::{
    Cx, Refused, disk,
    message::send::{self, Draft, SendRefusal},
};

/// A message to forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forward<'a> {
    /// The external id of the copy.
    pub uuid: &'a str,
    /// The original.
    pub message: MessageId,
}

/// What a bot sends.
pub struct Outgoing<'a> {
    /// A message of its own, sent first.
    pub draft: Option<Draft<'a>>,
    /// Messages to forward, in this order.
    pub forwards: &'a [Forward<'a>],
}

/// What was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The bot's own message, if there was one.
    pub own: Option<MessageId>,
    /// The copies, in the order of the originals.
    pub copies: Vec<MessageId>,
}

/// Why a bot's message is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutgoingRefusal {
    /// The bot is not a member of the chat or has no right to post there, or may not see a message that it forwards.
    NoAccess,
    /// The message replied to is not in this chat, or not visible.
    Reply,
}

/// Sends everything or nothing as the acting bot.
///
/// # Errors
/// [`OutgoingRefusal`]; then nothing changes.
pub fn send(
    cx: &mut Cx<'_>,
    chat: ChatId,
    outgoing: &Outgoing<'_>,
) -> Result<Sent, Refused<OutgoingRefusal>> {
    let own = match &outgoing.draft {
        Some(draft) => Some(send_one(cx, chat, draft)?),
        None => None,
    };
    let mut copies = Vec::with_capacity(outgoing.forwards.len());
    for forward in outgoing.forwards {
        let original = find_original(cx, forward.message)?;
        let copy = disk::send::forward(cx, chat, &original, Some(forward.uuid));
        copies.push(copy.map_err(refused)?);
    }
    Ok(Sent { own, copies })
}

fn send_one(
    cx: &mut Cx<'_>,
    chat: ChatId,
    draft: &Draft<'_>,
) -> Result<MessageId, Refused<OutgoingRefusal>> {
    send::send(cx, chat, draft).map_err(refused)
}

fn refused(refused: Refused<SendRefusal>) -> Refused<OutgoingRefusal> {
    refused.map(|reason| match reason {
        SendRefusal::NoChat | SendRefusal::NoAccess => OutgoingRefusal::NoAccess,
        SendRefusal::ReplyNotFound | SendRefusal::ReplyElsewhere => OutgoingRefusal::Reply,
    })
}

/// A message that the bot may forward: one of its own chats that it may see, not an automatic notice. Whether any other
/// exists is not disclosed.
fn find_original(cx: &mut Cx<'_>, id: MessageId) -> Result<Message, Refused<OutgoingRefusal>> {
    const NO: Refused<OutgoingRefusal> = Refused::Because(OutgoingRefusal::NoAccess);
    let message = message::find(cx.tx, id)?
        .filter(|message| !message.deleted && message.kind != MessageKind::Notice)
        .ok_or(NO)?;
    let member = member::find(cx.tx, message.chat, cx.user)?.ok_or(NO)?;
    if message.seq < member.member.read.visible_from {
        return Err(NO);
    }
    Ok(message)
}
