//! `imbot.v2.Chat.Message.Reaction.add`: a bot reacts to a message.
//!
//! A bot may set several reactions on one message. Names are matched exactly as documented.

use readmark_app::message::react::{ReactRefusal, Wanted};
use readmark_model::Scope;

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::chat::message::reaction::{ReactionParams, UnknownReaction},
    objects::Done,
    params,
};

/// `imbot.v2.Chat.Message.Reaction.add`.
pub struct ImbotV2ChatMessageReactionAdd;

params! {
    /// Parameters of `imbot.v2.Chat.Message.Reaction.add`.
    pub struct AddParams: ReactionAddError {
        group reaction: ReactionParams;
    }
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.Message.Reaction.add`.
    pub enum ReactionAddError {
        /// There is no such message, it is deleted, the bot is not in its chat or cannot see it, or `messageId` is missing or
        /// malformed.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
        /// `reaction` is missing or none of the documented names.
        ReactionNotFound = 400 "REACTION_NOT_FOUND" "Reaction not found",
        /// The bot reacted so already.
        ReactionAlreadySet = 400 "REACTION_ALREADY_SET" "Reaction already set",
    }
}

impl From<ReactRefusal> for ReactionAddError {
    fn from(refusal: ReactRefusal) -> Self {
        match refusal {
            ReactRefusal::NotFound => Self::AccessDenied,
            ReactRefusal::Unchanged => Self::ReactionAlreadySet,
        }
    }
}

impl From<UnknownReaction> for ReactionAddError {
    fn from(_: UnknownReaction) -> Self {
        Self::ReactionNotFound
    }
}

impl Method for ImbotV2ChatMessageReactionAdd {
    const NAME: &'static str = "imbot.v2.Chat.Message.Reaction.add";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Sets a reaction of a bot to a message.";
    type Params = AddParams;
    type Output = Done;
    type Error = ReactionAddError;

    fn call(cx: &mut MethodCx<'_>, params: &AddParams) -> Answer<Self> {
        Ok(params.reaction.change(cx, Wanted::Set)?.into())
    }
}
