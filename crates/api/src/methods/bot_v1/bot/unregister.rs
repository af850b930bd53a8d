//! `imbot.unregister`: takes a bot away, as `imbot.v2.Bot.unregister`.

use readmark_app::bot::unregister::{self, UnregisterRefusal};
use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec},
    methods::bot_v1::auth::{self, V1Claim},
    wire::Params,
};

/// See the module.
pub struct ImbotUnregister;

bot_v1_error_set! {
    /// Errors of `imbot.unregister`.
    pub enum UnregisterError: "Bot was installed by another REST application" {
        /// The caller comes from outside, or another call took the bot away at the same time.
        WrongRequest = 400 "WRONG_REQUEST" "Bot can't be deleted",
    }
}

impl Method for ImbotUnregister {
    const NAME: &'static str = "imbot.unregister";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Takes a bot away.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[auth::BOT_ID, auth::CLIENT_ID]];
    type Params = V1Claim;
    type Output = bool;
    type Error = UnregisterError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<V1Claim, UnregisterError> {
        Ok(auth::claim(params))
    }

    fn call(cx: &mut MethodCx<'_>, claim: &V1Claim) -> Answer<Self> {
        let bot = auth::enter(cx, claim).map_err(|denied| denied.map(Into::into))?;
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
