//! `imbot.v2.Chat.Message.get`: a bot that sees every message of its chats reads one.
//!
//! What the page leaves open: an unknown message, or one that the bot may not see, gets the codes of
//! `imbot.v2.Chat.Message.getContext`. For a deleted message the tombstone is shown, if there is one. System messages and notices
//! have no author: `user` is null.

use readmark_app::{
    Refused,
    bot::access::Claim,
    message::around::{self, LookRefusal},
};
use readmark_model::{MessageId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::auth,
    objects::{message::V2Message, user::V2User},
    params,
};

/// `imbot.v2.Chat.Message.get`.
pub struct ImbotV2ChatMessageGet;

params! {
    /// Parameters of `imbot.v2.Chat.Message.get`.
    pub struct GetParams: BotMessageError {
        group claim: Claim;
        /// The message.
        required message: Option<MessageId> = "messageId", lenient;
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneMessage {
    /// The message.
    pub message: V2Message,
    /// Its author; null for system messages and notices.
    pub user: Option<V2User>,
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.Message.get` and `imbot.v2.Chat.Message.getContext`.
    pub enum BotMessageError {
        /// The bot is neither of the type `supervisor` nor `personal`.
        BotTypeNotAllowed = 403 "BOT_TYPE_NOT_ALLOWED" "Bot type not allowed",
        /// `messageId` is missing, malformed or names no message.
        MessageNotFound = 400 "MESSAGE_NOT_FOUND" "Message not found",
        /// The bot is not in the chat of the message, or it was sent before the bot may see.
        MessageAccessDenied = 403 "MESSAGE_ACCESS_DENIED" "Message access denied",
    }
}

impl From<LookRefusal> for BotMessageError {
    fn from(refusal: LookRefusal) -> Self {
        match refusal {
            LookRefusal::NotFound => Self::MessageNotFound,
            LookRefusal::NoAccess => Self::MessageAccessDenied,
        }
    }
}

/// The message that a bot asks for, if bots of its type may ask for any.
pub(super) fn wanted(
    cx: &mut MethodCx<'_>,
    claim: &Claim,
    message: Option<MessageId>,
) -> Result<MessageId, Refused<BotMessageError>> {
    let bot = auth::enter(cx, claim).map_err(|denied| denied.map(Into::into))?;
    if !bot.kind.sees_everything() {
        return Err(Refused::Because(BotMessageError::BotTypeNotAllowed));
    }
    message.ok_or(Refused::Because(BotMessageError::MessageNotFound))
}

impl Method for ImbotV2ChatMessageGet {
    const NAME: &'static str = "imbot.v2.Chat.Message.get";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Returns a message to a bot that sees every message of its chats.";
    type Params = GetParams;
    type Output = OneMessage;
    type Error = BotMessageError;

    fn call(cx: &mut MethodCx<'_>, params: &GetParams) -> Answer<Self> {
        let id = wanted(cx, &params.claim, params.message)?;
        let (looked, author) =
            around::get(&mut cx.app, id).map_err(|refused| refused.map(BotMessageError::from))?;
        Ok(OneMessage {
            message: V2Message::in_answer(&looked, cx.portal),
            user: author.map(|author| V2User::new(&author, cx.portal)),
        }
        .into())
    }
}
