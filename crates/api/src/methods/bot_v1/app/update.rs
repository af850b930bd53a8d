//! `imbot.app.update`: changes an application in the chat window.
//!
//! Only what is given changes; `LANG` replaces all texts. A page is given with its `HASH`.

use readmark_app::bot::apps::{self, AppRefusal, Changes};
use readmark_model::Scope;

use crate::{
    app_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Deferred, Positive},
    },
    methods::bot_v1::{
        app::fields::{AppFields, WrongApp},
        auth::Client,
    },
    params,
};

/// `imbot.app.update`.
pub struct ImbotAppUpdate;

params! {
    /// Parameters of `imbot.app.update`.
    pub struct UpdateParams: AppUpdateError {
        /// The application.
        required app: Option<Positive> = "APP_ID", lenient;
        group changes: Deferred<AppChanges>;
        group client: Client;
    }
}

params! {
    /// What is to be changed. Its errors are reported after the application.
    pub struct AppChanges: AppUpdateError {
        group fields: AppFields;
    }
    check not_empty;
}

app_v1_error_set! {
    /// Errors of `imbot.app.update`.
    pub enum AppUpdateError {
        /// `IFRAME` is not an `https` address.
        IframeHttps = 400 "IFRAME_HTTPS" "Iframe must be specified with https",
        /// Nothing is given that can be changed, something is given that cannot be, or the caller is an extranet user.
        WrongRequest = 400 "WRONG_REQUEST" "Application can't be updated",
    }
}

impl From<WrongApp> for AppUpdateError {
    fn from(wrong: WrongApp) -> Self {
        match wrong {
            WrongApp::NoHttps => Self::IframeHttps,
            WrongApp::Hash | WrongApp::Params | WrongApp::Icon => Self::WrongRequest,
        }
    }
}

impl From<AppRefusal> for AppUpdateError {
    fn from(refusal: AppRefusal) -> Self {
        match refusal {
            AppRefusal::Outsider | AppRefusal::LimitExceeded => Self::WrongRequest,
            AppRefusal::BotGone => Self::ChatAppIdError,
        }
    }
}

impl Method for ImbotAppUpdate {
    const NAME: &'static str = "imbot.app.update";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes an application in the window of a chat.";
    type Params = UpdateParams;
    type Output = bool;
    type Error = AppUpdateError;

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        let app = params.app.map(|app| app.0);
        let (app, bot) = apps::find(&mut cx.app, params.client.hash, app)
            .map_err(|denied| denied.map(AppUpdateError::from))?;
        cx.app.act_as(bot.user);
        let fields = &params.changes.get::<AppUpdateError>()?.fields;
        let changes = Changes {
            action: fields.action.as_ref(),
            texts: Some(fields.texts.as_slice()).filter(|texts| !texts.is_empty()),
            icon: fields.icon(),
            context: fields.context.as_deref(),
            hidden: fields.hidden,
            extranet_support: fields.extranet_support,
            livechat_support: fields.livechat_support,
            iframe_popup: fields.iframe_popup,
        };
        apps::update(&mut cx.app, &bot, &app, &changes)
            .map_err(|refused| refused.map(AppUpdateError::from))?;
        Ok(true.into())
    }
}

fn not_empty(changes: AppChanges) -> Result<AppChanges, AppUpdateError> {
    if changes.fields.is_empty() {
        return Err(AppUpdateError::WrongRequest);
    }
    Ok(changes)
}
