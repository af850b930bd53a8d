//! `imbot.app.register`: adds an application to the chat window.
//!
//! Where the page is silent: the texts of the errors; a bot's `CODE` is unique among its applications, so registering it again
//! answers the existing one; without `CONTEXT` it is shown in all chats; a title is required unless it is hidden. If both a command
//! and a page are given the command wins, as on the page of `imbot.app.update`.

use readmark_app::{
    Refused,
    bot::apps::{self, AppRefusal, Plan},
};
use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Deferred, ParamType},
    },
    methods::{
        bot_v1::{
            app::fields::{AppFields, WrongApp},
            auth::BotClaim,
            properties::MAX_CODE_CHARS,
        },
        shared::text,
    },
    params,
};

/// Where it is shown by default.
const EVERYWHERE: &str = "ALL";

/// `imbot.app.register`.
pub struct ImbotAppRegister;

params! {
    /// Parameters of `imbot.app.register`.
    pub struct RegisterParams: AppRegisterError {
        group claim: BotClaim;
        group app: Deferred<NewApp>;
    }
}

params! {
    /// The application that is wanted. Its errors are reported after the claim.
    pub struct NewApp: AppRegisterError {
        /// The application's code, one among those of the bot.
        required code: String = "CODE", by(text::trimmed), kind(ParamType::String);
        group fields: AppFields;
    }
    check complete;
}

bot_v1_error_set! {
    /// Errors of `imbot.app.register`.
    pub enum AppRegisterError: "Bot was installed by another rest application" {
        /// `IFRAME` is not an `https` address.
        IframeHttps = 400 "IFRAME_HTTPS" "Iframe must be specified with https",
        /// `HASH` is missing for a page, or longer than 32 characters.
        HashError = 400 "HASH_ERROR" "Hash isn't specified",
        /// There is neither `JS_METHOD` nor `IFRAME`, `JS_METHOD` or `CONTEXT` is unknown, or `JS_PARAM` does not
        /// fit the method.
        ParamsError = 400 "PARAMS_ERROR" "Incorrect params",
        /// `LANG` has no item with `LANGUAGE_ID` and `TITLE`, and the application is not hidden.
        LangError = 400 "LANG_ERROR" "Lang set can't be empty",
        /// `CODE` is missing, blank or longer than 255 characters, `ICON_FILE` is not a picture, the bot has 100 applications, or the
        /// caller is an extranet user.
        WrongRequest = 400 "WRONG_REQUEST" "Application can't be created",
    }
}

impl From<WrongApp> for AppRegisterError {
    fn from(wrong: WrongApp) -> Self {
        match wrong {
            WrongApp::NoHttps => Self::IframeHttps,
            WrongApp::Hash => Self::HashError,
            WrongApp::Params => Self::ParamsError,
            WrongApp::Icon => Self::WrongRequest,
        }
    }
}

impl From<AppRefusal> for AppRegisterError {
    fn from(refusal: AppRefusal) -> Self {
        match refusal {
            AppRefusal::Outsider | AppRefusal::LimitExceeded => Self::WrongRequest,
            AppRefusal::BotGone => Self::BotIdError,
        }
    }
}

impl Method for ImbotAppRegister {
    const NAME: &'static str = "imbot.app.register";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Adds an application to the window of a chat.";
    type Params = RegisterParams;
    type Output = i64;
    type Error = AppRegisterError;

    fn call(cx: &mut MethodCx<'_>, params: &RegisterParams) -> Answer<Self> {
        let bot = params
            .claim
            .enter(cx)
            .map_err(|denied| denied.map(Into::into))?;
        let app = params.app.get::<AppRegisterError>()?;
        let plan = app
            .plan()
            .ok_or(Refused::Because(AppRegisterError::ParamsError))?;
        let id = apps::register(&mut cx.app, &bot, &plan)
            .map_err(|refused| refused.map(AppRegisterError::from))?;
        Ok(id.into())
    }
}

impl NewApp {
    /// The application to register; `None` without an action.
    fn plan(&self) -> Option<Plan<'_>> {
        let fields = &self.fields;
        Some(Plan {
            code: &self.code,
            action: fields.action.as_ref()?,
            texts: &fields.texts,
            icon: fields.icon(),
            context: fields.context.as_deref().unwrap_or(EVERYWHERE),
            hidden: fields.hidden.unwrap_or(false),
            extranet_support: fields.extranet_support.unwrap_or(false),
            livechat_support: fields.livechat_support.unwrap_or(false),
            iframe_popup: fields.iframe_popup.unwrap_or(false),
        })
    }
}

fn complete(app: NewApp) -> Result<NewApp, AppRegisterError> {
    if app.fields.action.is_none() {
        return Err(AppRegisterError::ParamsError);
    }
    if app.fields.texts.is_empty() && app.fields.hidden != Some(true) {
        return Err(AppRegisterError::LangError);
    }
    if app.code.is_empty() || app.code.chars().count() > MAX_CODE_CHARS {
        return Err(AppRegisterError::WrongRequest);
    }
    Ok(app)
}
