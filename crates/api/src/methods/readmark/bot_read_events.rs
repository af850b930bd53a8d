//! `readmark.bot.readEvents`, an extension of the API: a bot chooses to be notified when its messages are read.

use readmark_app::{
    Refused,
    bot::{access::Claim, hearing},
};
use readmark_model::{Scope, bot::Generation};

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::auth,
    params,
};

/// `readmark.bot.readEvents`.
pub struct ReadmarkBotReadEvents;

params! {
    /// Parameters of `readmark.bot.readEvents`.
    pub struct ReadEventsParams: ReadEventsError {
        group claim: Claim;
        /// `N` to be told no more; `Y` when left out.
        optional enable: bool = "enable", default(true);
    }
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
    const SUMMARY: &'static str = "Extension: notifies a bot when its messages, or any messages in chats where it receives everything, are read.";
    type Params = ReadEventsParams;
    type Output = bool;
    type Error = ReadEventsError;

    fn call(cx: &mut MethodCx<'_>, params: &ReadEventsParams) -> Answer<Self> {
        let bot = auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        if bot.generation != Generation::Second {
            return Err(Refused::Because(ReadEventsError::WrongGeneration));
        }
        hearing::set_reads(&mut cx.app, bot.user, params.enable)?;
        Ok(true.into())
    }
}
