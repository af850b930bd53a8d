//! `imbot.v2.Chat.Message.getContext`: a bot that sees every message of its chats reads one and its context.
//!
//! What the page leaves open: `range` is counted on each side, without the message itself; if invalid or above 50 it is 50. Notices
//! and tombstones count as messages.

use readmark_app::{bot::access::Claim, message::around};
use readmark_model::{MessageId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::chat::message::get::{BotMessageError, wanted},
    objects::{message::V2Message, user::V2User},
    params,
};

/// Maximum and default number of messages on each side.
const MAX_RANGE: i64 = 50;

/// `imbot.v2.Chat.Message.getContext`.
pub struct ImbotV2ChatMessageGetContext;

params! {
    /// Parameters of `imbot.v2.Chat.Message.getContext`.
    pub struct ContextParams: BotMessageError {
        group claim: Claim;
        /// The message.
        required message: Option<MessageId> = "messageId", lenient;
        /// How many messages on each side: 1 to 50; 50 when left out.
        optional range: i64 = "range", limit(MAX_RANGE, MAX_RANGE);
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageContext {
    /// The messages, the oldest first.
    pub messages: Vec<V2Message>,
    /// Their authors, in the order of ids.
    pub users: Vec<V2User>,
    /// Whether there are earlier ones.
    pub has_prev_page: bool,
    /// Whether there are later ones.
    pub has_next_page: bool,
}

impl Method for ImbotV2ChatMessageGetContext {
    const NAME: &'static str = "imbot.v2.Chat.Message.getContext";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Returns a message and those around it to a bot that sees every message of its chats.";
    type Params = ContextParams;
    type Output = MessageContext;
    type Error = BotMessageError;

    fn call(cx: &mut MethodCx<'_>, params: &ContextParams) -> Answer<Self> {
        let id = wanted(cx, &params.claim, params.message)?;
        let context = around::context(&mut cx.app, id, params.range)
            .map_err(|refused| refused.map(BotMessageError::from))?;
        let messages = context.messages.iter();
        let authors = context.authors.iter();
        Ok(MessageContext {
            messages: messages
                .map(|looked| V2Message::in_answer(looked, cx.portal))
                .collect(),
            users: authors.map(|user| V2User::new(user, cx.portal)).collect(),
            has_prev_page: context.has_earlier,
            has_next_page: context.has_later,
        }
        .into())
    }
}
