//! `imbot.v2.Chat.Message.Reaction.delete`: a bot removes its reaction.
//!
//! A reaction that the bot has not set is answered as not found.

use readmark_app::message::react::{ReactRefusal, Wanted};
use readmark_model::Scope;

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::chat::message::reaction::{ReactionParams, UnknownReaction},
    objects::Done,
    params,
};

/// `imbot.v2.Chat.Message.Reaction.delete`.
pub struct ImbotV2ChatMessageReactionDelete;

params! {
    /// Parameters of `imbot.v2.Chat.Message.Reaction.delete`.
    pub struct DeleteParams: ReactionDeleteError {
        group reaction: ReactionParams;
    }
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.Message.Reaction.delete`.
    pub enum ReactionDeleteError {
        /// There is no such message, it is deleted, the bot is not in its chat or cannot see it, or `messageId` is missing or
        /// malformed.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
        /// `reaction` is missing or none of the documented names, or the bot has not reacted so.
        ReactionNotFound = 400 "REACTION_NOT_FOUND" "Reaction not found",
    }
}

impl From<ReactRefusal> for ReactionDeleteError {
    fn from(refusal: ReactRefusal) -> Self {
        match refusal {
            ReactRefusal::NotFound => Self::AccessDenied,
            ReactRefusal::Unchanged => Self::ReactionNotFound,
        }
    }
}

impl From<UnknownReaction> for ReactionDeleteError {
    fn from(_: UnknownReaction) -> Self {
        Self::ReactionNotFound
    }
}

impl Method for ImbotV2ChatMessageReactionDelete {
    const NAME: &'static str = "imbot.v2.Chat.Message.Reaction.delete";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Removes a reaction of a bot to a message.";
    type Params = DeleteParams;
    type Output = Done;
    type Error = ReactionDeleteError;

    fn call(cx: &mut MethodCx<'_>, params: &DeleteParams) -> Answer<Self> {
        Ok(params.reaction.change(cx, Wanted::Removed)?.into())
    }
}
