//! `imbot.v2.Bot.register`: registers a bot, or answers the one that the same owner registered with the same code.
//!
//! Where the page is silent: `botToken` is also accepted outside of `fields`, as on the page "Quick Start". By webhook the token
//! stands for the application: it gives ownership of all bots registered with it. A code is unique in the portal. The limit of 100
//! bots applies per application, per token and per webhook, so that new tokens cannot evade it. Extranet users cannot register bots,
//! as a bot sees more than they may.

use readmark_app::{
    Refused,
    bot::{
        access,
        register::{self, Plan, RegisterRefusal},
    },
};
use readmark_model::{BotKind, BotOwner, EventMode, Scope, SecretHash, bot::Generation};

use crate::{
    content::image::ImageError,
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{Deferred, ParamSpec, ParamType, Parameters, ReadCx, Source, Wrong},
    },
    error_set,
    methods::{
        bot_v2::{
            auth,
            fields::{self, Callback, MAX_TOKEN_CHARS, Properties},
        },
        shared::text,
    },
    objects::bot::OneBot,
    params,
    wire::Field,
};

/// Maximum length of a code, in characters.
const MAX_CODE_CHARS: usize = 255;

/// `imbot.v2.Bot.register`.
pub struct ImbotV2BotRegister;

params! {
    /// Parameters of `imbot.v2.Bot.register`.
    pub struct RegisterParams: RegisterError {
        /// The bot.
        required fields: RegisterFields = "fields", members;
        /// The same as `fields.botToken`, where there is none.
        optional token: Option<String> = "botToken", by(auth::token), kind(ParamType::String);
    }
}

params! {
    /// `fields`.
    pub struct RegisterFields: NoError {
        /// The token by which a webhook owns the bot: up to 40 characters; required by webhook, ignored by access token.
        optional token: Option<String> = "botToken", by(auth::token), kind(ParamType::String);
        group bot: Deferred<NewBot>;
    }
}

params! {
    /// The bot that is wanted. Its errors are reported after the token.
    pub struct NewBot: RegisterError {
        /// Its code, unique in the portal, up to 255 characters.
        required code: String = "code", by(code), kind(ParamType::String);
        /// How it looks.
        required properties: NewProperties = "properties", members;
        /// `bot`, the default, `network`, `openline`, `supervisor` or `personal`.
        optional kind: BotKind = "type", default(BotKind::default()), or(BotInvalidType);
        /// How it gets its events: `fetch`, the default, or `webhook`.
        optional event_mode: EventMode = "eventMode", default(EventMode::default()), or(BotInvalidEventMode);
        /// Where its events are sent; required by the mode `webhook`.
        optional webhook_url: Option<Callback> = "webhookUrl", or(BotInvalidCallback);
        /// Whether the contact list leaves it out; `false` when left out.
        optional hidden: bool = "isHidden", default(false);
        /// Whether its messages take reactions; `true` when left out.
        optional reactions_enabled: bool = "isReactionsEnabled", default(true);
        /// Whether it serves open channels; `false` when left out.
        optional openline: bool = "isSupportOpenline", default(false);
        /// The background of its chats; the user's own for null and for unknown names.
        optional background: Option<&'static str> = "backgroundId", by(background), kind(ParamType::String);
    }
    check has_address;
}

error_set! {
    /// Errors of `imbot.v2.Bot.register`.
    pub enum RegisterError {
        /// The call comes by a webhook and gives no `fields.botToken`.
        BotTokenNotSpecified = 403 "BOT_TOKEN_NOT_SPECIFIED" "Bot token is not specified",
        /// The call comes by a webhook and its `fields.botToken` is longer than 40 characters.
        BotTokenInvalidLength = 400 "BOT_TOKEN_INVALID_LENGTH" "Bot token must not be longer than 40 characters",
        /// `fields.code` is missing or blank.
        BotCodeRequired = 400 "BOT_CODE_REQUIRED" "Bot code is required",
        /// `fields.properties.name` is missing or blank.
        BotPropertiesRequired = 400 "BOT_PROPERTIES_REQUIRED" "Bot properties are required",
        /// A bot of another application has the code.
        BotCodeAlreadyTaken = 400 "BOT_CODE_ALREADY_TAKEN" "Bot code is already taken",
        /// `fields.type` is none of the documented types.
        BotInvalidType = 400 "BOT_INVALID_TYPE" "Invalid bot type",
        /// `fields.eventMode` is neither `fetch` nor `webhook`.
        BotInvalidEventMode = 400 "BOT_INVALID_EVENT_MODE" "Invalid event mode",
        /// `fields.eventMode` is `webhook`, and `fields.webhookUrl` is missing or blank.
        BotWebhookUrlRequired = 400 "BOT_WEBHOOK_URL_REQUIRED" "Webhook URL is required",
        /// The code is longer than 255 characters, or the caller is an extranet user.
        BotRegisterFailed = 400 "BOT_REGISTER_FAILED" "Bot registration failed",
        /// `fields.webhookUrl` is not an `http` or `https` address.
        BotInvalidCallback = 400 "BOT_INVALID_CALLBACK" "Invalid callback URL",
        /// The application, token or webhook has 100 bots.
        BotLimitExceeded = 400 "BOT_LIMIT_EXCEEDED" "Bot limit exceeded",
        /// `fields.properties.avatar` is not a picture in Base64.
        BotAvatarIncorrectType = 400 "BOT_AVATAR_INCORRECT_TYPE" "Avatar must be an image",
        /// The picture is wider or higher than 5000 pixels.
        BotAvatarIncorrectSize = 400 "BOT_AVATAR_INCORRECT_SIZE" "Avatar exceeds maximum size",
    }
}

impl From<ImageError> for RegisterError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Type => Self::BotAvatarIncorrectType,
            ImageError::Size => Self::BotAvatarIncorrectSize,
        }
    }
}

impl Method for ImbotV2BotRegister {
    const NAME: &'static str = "imbot.v2.Bot.register";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Registers a bot.";
    type Params = RegisterParams;
    type Output = OneBot;
    type Error = RegisterError;

    fn call(cx: &mut MethodCx<'_>, params: &RegisterParams) -> Answer<Self> {
        let because = Refused::Because;
        let token = params.fields.token.as_ref().or(params.token.as_ref());
        let hash = token.map(|token| SecretHash::of(token));
        let owner = access::owner(&cx.app, hash)
            .map_err(|_| because(RegisterError::BotTokenNotSpecified))?;
        let is_long = |token: &String| token.chars().count() > MAX_TOKEN_CHARS;
        if matches!(owner, BotOwner::Token(_)) && token.is_some_and(is_long) {
            return Err(because(RegisterError::BotTokenInvalidLength));
        }
        let bot = params.fields.bot.get::<RegisterError>()?;
        let properties = bot.properties.0.get::<RegisterError>()?;
        let details = register::register(&mut cx.app, &bot.plan(properties, owner))
            .map_err(|refused| refused.map(RegisterError::from))?;
        Ok(OneBot::new(&details, cx.portal).into())
    }
}

impl From<RegisterRefusal> for RegisterError {
    fn from(refusal: RegisterRefusal) -> Self {
        match refusal {
            RegisterRefusal::CodeTaken => Self::BotCodeAlreadyTaken,
            RegisterRefusal::LimitExceeded | RegisterRefusal::RegistrarLimitExceeded => {
                Self::BotLimitExceeded
            }
            RegisterRefusal::Outsider | RegisterRefusal::EmailTaken => Self::BotRegisterFailed,
        }
    }
}

impl NewBot {
    fn plan<'a>(&'a self, properties: &'a Properties, owner: BotOwner) -> Plan<'a> {
        Plan {
            owner,
            code: &self.code,
            kind: self.kind,
            event_mode: self.event_mode,
            webhook_url: self.webhook_url.as_ref().map_or("", |url| &url.0),
            hidden: self.hidden,
            reactions_enabled: self.reactions_enabled,
            openline: self.openline,
            background: self.background,
            profile: properties.as_profile(),
            generation: Generation::Second,
            handlers: &[],
        }
    }
}

fn code(field: Field<'_>, cx: &ReadCx<'_>) -> Result<String, RegisterError> {
    let code = text::trimmed(field, cx)?;
    if code.is_empty() {
        return Err(RegisterError::BotCodeRequired);
    }
    if code.chars().count() > MAX_CODE_CHARS {
        return Err(RegisterError::BotRegisterFailed);
    }
    Ok(code)
}

/// How a new bot looks: a missing name is answered at once, an invalid avatar last.
pub struct NewProperties(Deferred<Properties>);

impl Parameters for NewProperties {
    type Error = RegisterError;

    const SPEC: &'static [ParamSpec] = Properties::SPEC;

    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<RegisterError>> {
        let given = Deferred::<Properties>::read(source, cx).map_err(Wrong::of_any)?;
        if given.0.as_ref().is_ok_and(|given| !given.has_name()) {
            return Err(Wrong::Own(RegisterError::BotPropertiesRequired));
        }
        Ok(Self(given))
    }
}

fn background(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<&'static str>, NoError> {
    Ok(fields::background(field))
}

fn has_address(bot: NewBot) -> Result<NewBot, RegisterError> {
    if bot.event_mode == EventMode::Webhook && bot.webhook_url.is_none() {
        return Err(RegisterError::BotWebhookUrlRequired);
    }
    Ok(bot)
}
