//! `imbot.v2.Chat.Message.Reaction.delete`: a bot takes a reaction back.
//!
//! A reaction that the bot has not set is one that is not found.

use readmark_app::{
    Refused,
    bot::access::Claim,
    message::react::{self, ReactRefusal, Wanted},
};
use readmark_model::{MessageId, Scope, reaction};

use crate::{
    bot_auth, bot_error_set,
    method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
    objects::Done,
    parse,
    wire::Params,
};

/// See the module.
pub struct ImbotV2ChatMessageReactionDelete;

/// Parameters.
pub struct ReactionParams {
    claim: Claim,
    message: Option<MessageId>,
    reaction: Option<&'static str>,
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

impl Method for ImbotV2ChatMessageReactionDelete {
    const NAME: &'static str = "imbot.v2.Chat.Message.Reaction.delete";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Removes a reaction of a bot to a message.";
    const PARAMS: &'static [ParamSpec] = &[
        bot_auth::BOT_ID,
        bot_auth::BOT_TOKEN,
        bot_auth::MESSAGE_ID,
        ParamSpec::required("reaction", ParamType::String, "The reaction, as `like`."),
    ];
    type Params = ReactionParams;
    type Output = Done;
    type Error = ReactionDeleteError;

    fn parse(params: &Params) -> Result<ReactionParams, ReactionDeleteError> {
        Ok(ReactionParams {
            claim: bot_auth::claim(params),
            message: parse::message(params, "messageId"),
            reaction: params
                .get("reaction")
                .as_text()
                .and_then(|name| reaction::find(&name)),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &ReactionParams) -> Answer<Self> {
        const DENIED: Refused<ReactionDeleteError> =
            Refused::Because(ReactionDeleteError::AccessDenied);
        bot_auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let name = params
            .reaction
            .ok_or(Refused::Because(ReactionDeleteError::ReactionNotFound))?;
        let id = params.message.ok_or(DENIED)?;
        react::change(app, id, name, Wanted::Removed)
            .map_err(|refused| refused.map(ReactionDeleteError::from))?;
        Ok(Done::YES.into())
    }
}
