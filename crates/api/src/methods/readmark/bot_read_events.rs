//! `readmark.bot.readEvents`, an extension of the API: a bot asks to be told that it was read.

use readmark_app::{
    Refused,
    bot::{access::Claim, hearing},
};
use readmark_model::{Scope, bot::Generation};

use crate::{
    bot_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    methods::bot_v2::auth,
    wire::Params,
};

/// See the module.
pub struct ReadmarkBotReadEvents;

/// Parameters.
pub struct ReadEventsParams {
    claim: Claim,
    enable: bool,
}

bot_error_set! {
    /// Errors of `readmark.bot.readEvents`.
    pub enum ReadEventsError {
        /// The bot was registered in the first generation, whose events are fixed.
        WrongGeneration = 400 "WRONG_GENERATION" "Bots of the first generation are not told of reads",
    }
}

impl Method for ReadmarkBotReadEvents {
    const NAME: &'static str = "readmark.bot.readEvents";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Extension: lets a bot be told that its messages, or those of chats of which it hears everything, were read.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        auth::BOT_TOKEN,
        ParamSpec::optional(
            "enable",
            ParamType::Boolean,
            "`N` to be told no more; `Y` when left out.",
        ),
    ]];
    type Params = ReadEventsParams;
    type Output = bool;
    type Error = ReadEventsError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<ReadEventsParams, ReadEventsError> {
        Ok(ReadEventsParams {
            claim: auth::claim(params),
            enable: parse::flag(params, "enable", true),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &ReadEventsParams) -> Answer<Self> {
        let bot = auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        if bot.generation != Generation::Second {
            return Err(Refused::Because(ReadEventsError::WrongGeneration));
        }
        hearing::set_reads(&mut cx.app, bot.user, params.enable)?;
        Ok(true.into())
    }
}
