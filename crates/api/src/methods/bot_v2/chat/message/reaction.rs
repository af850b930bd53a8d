//! Shared parts of `imbot.v2.Chat.Message.Reaction.add` and `imbot.v2.Chat.Message.Reaction.delete`.

use readmark_app::{
    Refused,
    bot::access::{Claim, Denied},
    message::react::{self, ReactRefusal, Wanted},
};
use readmark_model::{MessageId, reaction};

use crate::{
    contract::{
        method::{MethodCx, NoError},
        params::{ParamType, ReadCx},
    },
    methods::bot_v2::auth,
    objects::Done,
    params,
    wire::Field,
};

/// `reaction` is missing or not one of the documented names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownReaction;

params! {
    /// The parameters of both methods.
    pub struct ReactionParams: NoError {
        group claim: Claim;
        /// The message.
        required message: Option<MessageId> = "messageId", lenient;
        /// The reaction, as `like`.
        required reaction: Option<&'static str> = "reaction", by(reaction), kind(ParamType::String);
    }
}

impl ReactionParams {
    /// Sets or removes the reaction. A missing message id is answered as an unknown message.
    ///
    /// # Errors
    /// The error of the bot, then of the reaction, then of the message.
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

fn reaction(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<&'static str>, NoError> {
    Ok(field.as_text().and_then(|name| reaction::find(&name)))
}
