//! `imbot.app.unregister`: removes an application from the chat window.

use readmark_app::bot::apps::{self, AppRefusal};
use readmark_model::Scope;

use crate::{
    app_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::Positive,
    },
    methods::bot_v1::auth::Client,
    params,
};

/// `imbot.app.unregister`.
pub struct ImbotAppUnregister;

params! {
    /// Parameters of `imbot.app.unregister`.
    pub struct UnregisterParams: AppUnregisterError {
        /// The application.
        required app: Option<Positive> = "APP_ID", lenient;
        group client: Client;
    }
}

app_v1_error_set! {
    /// Errors of `imbot.app.unregister`.
    pub enum AppUnregisterError {
        /// The caller is an extranet user.
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
    const SUMMARY: &'static str = "Removes an application from the window of a chat.";
    type Params = UnregisterParams;
    type Output = bool;
    type Error = AppUnregisterError;

    fn call(cx: &mut MethodCx<'_>, params: &UnregisterParams) -> Answer<Self> {
        let app = params.app.map(|app| app.0);
        let (app, bot) = apps::find(&mut cx.app, params.client.hash, app)
            .map_err(|denied| denied.map(AppUnregisterError::from))?;
        cx.app.act_as(bot.user);
        apps::unregister(&mut cx.app, &bot, &app)
            .map_err(|refused| refused.map(AppUnregisterError::from))?;
        Ok(true.into())
    }
}
