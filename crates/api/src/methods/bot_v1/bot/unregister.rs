//! `imbot.unregister`: unregisters a bot, as `imbot.v2.Bot.unregister`.

use readmark_app::bot::unregister::{self, UnregisterRefusal};
use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v1::auth::BotClaim,
    params,
};

/// `imbot.unregister`.
pub struct ImbotUnregister;

params! {
    /// Parameters of `imbot.unregister`.
    pub struct UnregisterParams: UnregisterError {
        group claim: BotClaim;
    }
}

bot_v1_error_set! {
    /// Errors of `imbot.unregister`.
    pub enum UnregisterError: "Bot was installed by another REST application" {
        /// The caller is an extranet user, or another call unregistered the bot at the same time.
        WrongRequest = 400 "WRONG_REQUEST" "Bot can't be deleted",
    }
}

impl Method for ImbotUnregister {
    const NAME: &'static str = "imbot.unregister";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Unregisters a bot.";
    type Params = UnregisterParams;
    type Output = bool;
    type Error = UnregisterError;

    fn call(cx: &mut MethodCx<'_>, params: &UnregisterParams) -> Answer<Self> {
        let bot = params
            .claim
            .enter(cx)
            .map_err(|denied| denied.map(Into::into))?;
        unregister::unregister(&mut cx.app, &bot).map_err(|refused| {
            refused.map(|reason| match reason {
                UnregisterRefusal::Gone | UnregisterRefusal::Outsider => {
                    UnregisterError::WrongRequest
                }
            })
        })?;
        Ok(true.into())
    }
}
