//! `imbot.app.unregister`: takes an application out of the window of a chat.

use readmark_app::bot::apps::{self, AppRefusal};
use readmark_model::{Scope, SecretHash};

use crate::{
    app_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec},
    methods::bot_v1::{
        app::fields::{APP_ID, app_id},
        auth,
    },
    wire::Params,
};

/// See the module.
pub struct ImbotAppUnregister;

/// Parameters.
pub struct UnregisterParams {
    client: Option<SecretHash>,
    app: Option<i64>,
}

app_v1_error_set! {
    /// Errors of `imbot.app.unregister`.
    pub enum AppUnregisterError {
        /// The caller comes from outside.
        WrongRequest = 400 "WRONG_REQUEST" "Application can't be deleted",
    }
}

impl From<AppRefusal> for AppUnregisterError {
    fn from(refusal: AppRefusal) -> Self {
        match refusal {
            AppRefusal::Outsider | AppRefusal::LimitExceeded => Self::WrongRequest,
            AppRefusal::BotGone => Self::ChatAppIdError,
        }
    }
}

impl Method for ImbotAppUnregister {
    const NAME: &'static str = "imbot.app.unregister";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Takes an application out of the window of a chat.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[APP_ID, auth::CLIENT_ID]];
    type Params = UnregisterParams;
    type Output = bool;
    type Error = AppUnregisterError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<UnregisterParams, AppUnregisterError> {
        Ok(UnregisterParams {
            client: auth::client(params),
            app: app_id(params),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &UnregisterParams) -> Answer<Self> {
        let (app, bot) = apps::find(&mut cx.app, params.client, params.app)
            .map_err(|denied| denied.map(AppUnregisterError::from))?;
        cx.app.act_as(bot.user);
        apps::unregister(&mut cx.app, &bot, &app)
            .map_err(|refused| refused.map(AppUnregisterError::from))?;
        Ok(true.into())
    }
}
