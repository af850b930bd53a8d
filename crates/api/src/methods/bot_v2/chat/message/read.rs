//! `imbot.v2.Chat.Message.read`: a bot reads a chat, up to a message or whole (rules R1, R12, R13).
//!
//! What the page leaves open:
//!
//! - The answer is the state after the read, as `im.dialog.read` gives it, with the messages that this very call viewed for
//!   the first time: ascending, however many, without the bot's own, automatic notices and what was sent before the bot
//!   may see. Reading again views nothing new.
//! - `dialogId` is `chatN`, `sgN` or the id of a user, whose private chat with the bot is made when it is first mentioned.
//!   A dialog that is missing, malformed or names nothing is one that the bot is not in: `ACCESS_DENIED`. So is an open chat
//!   that it has not joined.
//! - `messageId` that is missing, null or empty means the whole chat. One that names no message of this chat that the bot
//!   can see is `MESSAGE_NOT_FOUND`: of another chat, deleted (also where a tombstone stayed), sent before the bot may see,
//!   0, negative, or no number at all. Then nothing changes.
//! - A message that the bot has long read changes nothing and answers the current state.

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

/// The id of no message: what a malformed one is taken for.
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
    const ACCESS: Access = Access::Write;
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

/// The message to read up to: none where it is left out, one that does not exist where it is no number.
fn message(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<MessageId>, NoError> {
    Ok(match field.as_int() {
        IntField::Absent => None,
        IntField::Valid(id) => Some(MessageId(id)),
        IntField::Malformed => Some(NO_MESSAGE),
    })
}
