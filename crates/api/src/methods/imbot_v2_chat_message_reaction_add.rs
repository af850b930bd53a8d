//! `imbot.v2.Chat.Message.Reaction.add`: a bot reacts to a message.
//!
//! A message may have several reactions of one bot. Names are spelt exactly as documented.

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
pub struct ImbotV2ChatMessageReactionAdd;

/// Parameters.
pub struct ReactionParams {
    claim: Claim,
    message: Option<MessageId>,
    reaction: Option<&'static str>,
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

impl Method for ImbotV2ChatMessageReactionAdd {
    const NAME: &'static str = "imbot.v2.Chat.Message.Reaction.add";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Sets a reaction of a bot to a message.";
    const PARAMS: &'static [ParamSpec] = &[
        bot_auth::BOT_ID,
        bot_auth::BOT_TOKEN,
        bot_auth::MESSAGE_ID,
        ParamSpec::required("reaction", ParamType::String, "The reaction, as `like`."),
    ];
    type Params = ReactionParams;
    type Output = Done;
    type Error = ReactionAddError;

    fn parse(params: &Params) -> Result<ReactionParams, ReactionAddError> {
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
        const DENIED: Refused<ReactionAddError> = Refused::Because(ReactionAddError::AccessDenied);
        bot_auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let name = params
            .reaction
            .ok_or(Refused::Because(ReactionAddError::ReactionNotFound))?;
        let id = params.message.ok_or(DENIED)?;
        react::change(app, id, name, Wanted::Set)
            .map_err(|refused| refused.map(ReactionAddError::from))?;
        Ok(Done::YES.into())
    }
}
