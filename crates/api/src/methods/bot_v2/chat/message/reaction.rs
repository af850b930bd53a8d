//! What `imbot.v2.Chat.Message.Reaction.add` and `imbot.v2.Chat.Message.Reaction.delete` have in common.

use readmark_app::{
    Refused,
    bot::access::{Claim, Denied},
    message::react::{self, ReactRefusal, Wanted},
};
use readmark_model::{MessageId, reaction};

use crate::{
    contract::{
        method::{MethodCx, ParamSpec, ParamType},
        parse,
    },
    methods::bot_v2::auth,
    objects::Done,
    wire::Params,
};

/// The parameters of both methods.
pub const PARAMS: &[ParamSpec] = &[
    auth::BOT_ID,
    auth::BOT_TOKEN,
    auth::MESSAGE_ID,
    ParamSpec::required("reaction", ParamType::String, "The reaction, as `like`."),
];

/// `reaction` is missing or none of the documented names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownReaction;

/// Parameters.
pub struct ReactionParams {
    claim: Claim,
    message: Option<MessageId>,
    reaction: Option<&'static str>,
}

impl ReactionParams {
    /// Reads them.
    #[must_use]
    pub fn read(params: &Params) -> Self {
        Self {
            claim: auth::claim(params),
            message: parse::message(params, "messageId"),
            reaction: params
                .get("reaction")
                .as_text()
                .and_then(|name| reaction::find(&name)),
        }
    }

    /// Makes the reaction as it is wanted. A message that is not named is one that is not found.
    ///
    /// # Errors
    /// What is wrong with the bot, then with the reaction, then with the message.
    pub fn change<E>(&self, cx: &mut MethodCx<'_>, wanted: Wanted) -> Result<Done, Refused<E>>
    where
        E: From<Denied> + From<UnknownReaction> + From<ReactRefusal>,
    {
        auth::enter(cx, &self.claim).map_err(|denied| denied.map(E::from))?;
        let name = self
            .reaction
            .ok_or_else(|| Refused::Because(UnknownReaction.into()))?;
        let id = self
            .message
            .ok_or_else(|| Refused::Because(ReactRefusal::NotFound.into()))?;
        react::change(&mut cx.app, id, name, wanted).map_err(|refused| refused.map(E::from))?;
        Ok(Done::YES)
    }
}
