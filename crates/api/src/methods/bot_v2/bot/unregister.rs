//! `imbot.v2.Bot.unregister`: unregisters a bot.
//!
//! It leaves its group chats, its private chats disappear, its code becomes free, and its id is no longer found. Extranet users can
//! neither register nor unregister bots, whatever token they know.

use readmark_app::bot::{
    access::Claim,
    unregister::{self, UnregisterRefusal},
};
use readmark_model::Scope;

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::auth,
    objects::Done,
    params,
};

/// `imbot.v2.Bot.unregister`.
pub struct ImbotV2BotUnregister;

params! {
    /// Parameters of `imbot.v2.Bot.unregister`.
    pub struct UnregisterParams: UnregisterError {
        group claim: Claim;
    }
}

bot_error_set! {
    /// Errors of `imbot.v2.Bot.unregister`.
    pub enum UnregisterError {
        /// The caller is an extranet user, or another call unregistered the bot at the same time.
        BotUnregisterFailed = 400 "BOT_UNREGISTER_FAILED" "Bot unregistration failed",
    }
}

impl Method for ImbotV2BotUnregister {
    const NAME: &'static str = "imbot.v2.Bot.unregister";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Unregisters a bot.";
    type Params = UnregisterParams;
    type Output = Done;
    type Error = UnregisterError;

    fn call(cx: &mut MethodCx<'_>, params: &UnregisterParams) -> Answer<Self> {
        let bot = auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        unregister::unregister(&mut cx.app, &bot).map_err(|refused| {
            refused.map(|reason| match reason {
                UnregisterRefusal::Gone | UnregisterRefusal::Outsider => {
                    UnregisterError::BotUnregisterFailed
                }
            })
        })?;
        Ok(Done::YES.into())
    }
}
