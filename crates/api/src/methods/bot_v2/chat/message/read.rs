//! `imbot.v2.Chat.Message.read`: a bot reads a chat, up to a message or whole (rules R1, R12, R13).
//!
//! What the page leaves open:
//!
//! - The answer is the state after the read, as in `im.dialog.read`, with the messages that this call viewed for the first time:
//!   ascending, in any number, without the bot's own messages, notices and messages from before the bot may see the chat. Reading
//!   again views nothing new.
//! - `dialogId` is `chatN`, `sgN` or the id of a user, whose private chat with the bot is created at its first mention. A missing,
//!   malformed or unknown dialog is answered as one that the bot is not in: `ACCESS_DENIED`. So is an open chat that it has not
//!   joined.
//! - A missing, null or empty `messageId` means the whole chat. An id that is not a message of this chat visible to the bot is
//!   `MESSAGE_NOT_FOUND`: of another chat, deleted (even with a tombstone), too old for the bot to see, 0, negative, or not a number.
//!   Then nothing changes.
//! - A message that the bot has already read changes nothing and answers the current state.

use readmark_app::{
    Refused,
    bot::{
        access::Claim,
        read::{self, ReadRefusal},
    },
};
use readmark_model::{MessageId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    bot_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{DialogParam, ParamType, ReadCx},
    },
    methods::bot_v2::auth,
    params,
    wire::{Field, IntField},
};

/// `imbot.v2.Chat.Message.read`.
pub struct ImbotV2ChatMessageRead;

params! {
    /// Parameters of `imbot.v2.Chat.Message.read`.
    pub struct ReadParams: BotReadError {
        group claim: Claim;
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogParam> = "dialogId", lenient;
        /// The last message to be read; all when left out.
        optional message: Option<MessageId> = "messageId", by(message), kind(ParamType::Integer);
    }
}

/// An id of no message, used for a malformed one.
const NO_MESSAGE: MessageId = MessageId(0);

/// `result`: the state after the read.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BotReadState {
    /// The chat's id.
    pub chat_id: i64,
    /// The last read message, 0 for none.
    pub last_id: i64,
    /// Unread messages that are left.
    pub counter: i64,
    /// The messages that this call viewed for the first time, ascending.
    pub viewed_messages: Vec<i64>,
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.Message.read`.
    pub enum BotReadError {
        /// The bot is not in the chat, or `dialogId` is missing or names no chat.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
        /// `messageId` names no message of the chat that the bot can see.
        MessageNotFound = 400 "MESSAGE_NOT_FOUND" "Message not found",
    }
}

impl Method for ImbotV2ChatMessageRead {
    const NAME: &'static str = "imbot.v2.Chat.Message.read";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::WriteIfNeeded;
    const SUMMARY: &'static str =
        "Marks messages of a chat as read by a bot, up to a message or all.";
    type Params = ReadParams;
    type Output = BotReadState;
    type Error = BotReadError;

    fn call(cx: &mut MethodCx<'_>, params: &ReadParams) -> Answer<Self> {
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let Some(dialog) = &params.dialog else {
            return Err(Refused::Because(BotReadError::AccessDenied));
        };
        let read::BotRead { done, viewed } = read::read(&mut cx.app, dialog.id, params.message)
            .map_err(|refused| {
                refused.map(|reason| match reason {
                    ReadRefusal::NoAccess => BotReadError::AccessDenied,
                    ReadRefusal::MessageNotFound => BotReadError::MessageNotFound,
                })
            })?;
        Ok(BotReadState {
            chat_id: done.chat.get(),
            last_id: done.last_id.get(),
            counter: done.counter,
            viewed_messages: viewed.into_iter().map(MessageId::get).collect(),
        }
        .into())
    }
}

/// The message to read up to: `None` if missing, an unknown one if it is not a number.
fn message(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<MessageId>, NoError> {
    Ok(match field.as_int() {
        IntField::Absent => None,
        IntField::Valid(id) => Some(MessageId(id)),
        IntField::Malformed => Some(NO_MESSAGE),
    })
}
