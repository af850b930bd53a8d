//! `imbot.v2.Bot.register`: makes a bot, or answers the one that the same owner made with the same code.
//!
//! Where the page is silent: `botToken` is also taken beside `fields`, as the page "Quick Start" gives it. By webhook the
//! token stands for the application: who gives the same one owns all bots that were registered with it. A code is unique
//! in the portal. The limit of 100 bots holds for each application, each token and each webhook, so that new tokens do not
//! get round it. Users from outside cannot register bots, as a bot sees more than they may.

use readmark_app::{
    Refused,
    bot::{
        access,
        register::{self, Plan, RegisterRefusal},
    },
};
use readmark_model::{
    BotKind, BotOwner, EventMode, Scope, SecretHash, bot::Generation, text::without_nul,
};

use crate::{
    content::image::ImageError,
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
    error_set,
    methods::bot_v2::{
        auth,
        fields::{self, InvalidCallback, MAX_TOKEN_CHARS, Properties},
    },
    objects::bot::OneBot,
    wire::{Field, Members, Params},
};

/// The longest code, in characters.
const MAX_CODE_CHARS: usize = 255;

/// See the module.
pub struct ImbotV2BotRegister;

/// Parameters.
pub struct RegisterParams {
    token: Option<String>,
    /// What is wrong with it is answered after the token.
    wish: Result<Wish, RegisterError>,
}

/// The bot that is wanted.
struct Wish {
    code: String,
    kind: BotKind,
    event_mode: EventMode,
    webhook_url: String,
    hidden: bool,
    reactions_enabled: bool,
    openline: bool,
    background: Option<&'static str>,
    properties: Properties,
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
        /// The code is longer than 255 characters, or the caller comes from outside.
        BotRegisterFailed = 400 "BOT_REGISTER_FAILED" "Bot registration failed",
        /// `fields.webhookUrl` is no `http` or `https` address.
        BotInvalidCallback = 400 "BOT_INVALID_CALLBACK" "Invalid callback URL",
        /// The application, token or webhook has 100 bots.
        BotLimitExceeded = 400 "BOT_LIMIT_EXCEEDED" "Bot limit exceeded",
        /// `fields.properties.avatar` is no Base64 of a picture.
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

impl From<InvalidCallback> for RegisterError {
    fn from(InvalidCallback: InvalidCallback) -> Self {
        Self::BotInvalidCallback
    }
}

impl Method for ImbotV2BotRegister {
    const NAME: &'static str = "imbot.v2.Bot.register";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Registers a bot.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required(
            "fields",
            ParamType::Object,
            "The bot: `code`, `botToken`, `properties` with a `name`, and further fields.",
        ),
        auth::BOT_TOKEN,
    ]];
    type Params = RegisterParams;
    type Output = OneBot;
    type Error = RegisterError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<RegisterParams, RegisterError> {
        let fields = params.get("fields").as_map().unwrap_or_default();
        let token =
            auth::token(fields.named("botToken")).or_else(|| auth::token(params.get("botToken")));
        Ok(RegisterParams {
            token,
            wish: Wish::read(fields),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &RegisterParams) -> Answer<Self> {
        let because = Refused::Because;
        let hash = params.token.as_deref().map(SecretHash::of);
        let owner = access::owner(&cx.app, hash)
            .map_err(|_| because(RegisterError::BotTokenNotSpecified))?;
        let is_long = |token: &String| token.chars().count() > MAX_TOKEN_CHARS;
        if matches!(owner, BotOwner::Token(_)) && params.token.as_ref().is_some_and(is_long) {
            return Err(because(RegisterError::BotTokenInvalidLength));
        }
        let wish = params.wish.as_ref().map_err(|error| because(*error))?;
        let details = register::register(&mut cx.app, &wish.plan(owner))
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

impl Wish {
    fn read(fields: Members<'_>) -> Result<Self, RegisterError> {
        let code = fields.named("code").as_text().unwrap_or_default();
        let code = without_nul(&code).trim().to_owned();
        if code.is_empty() {
            return Err(RegisterError::BotCodeRequired);
        }
        if code.chars().count() > MAX_CODE_CHARS {
            return Err(RegisterError::BotRegisterFailed);
        }
        let properties = Properties::read(fields);
        if properties.as_ref().is_ok_and(|given| !given.has_name()) {
            return Err(RegisterError::BotPropertiesRequired);
        }
        let kind = word(fields.named("type"), BotKind::parse);
        let kind = kind.ok_or(RegisterError::BotInvalidType)?;
        let event_mode = word(fields.named("eventMode"), EventMode::parse);
        let event_mode = event_mode.ok_or(RegisterError::BotInvalidEventMode)?;
        let webhook_url = fields::callback(fields.named("webhookUrl"))?;
        if event_mode == EventMode::Webhook && webhook_url.is_none() {
            return Err(RegisterError::BotWebhookUrlRequired);
        }
        let switch = |name| fields::switch(fields.named(name));
        Ok(Self {
            code,
            kind,
            event_mode,
            webhook_url: webhook_url.unwrap_or_default(),
            hidden: switch("isHidden").unwrap_or(false),
            reactions_enabled: switch("isReactionsEnabled").unwrap_or(true),
            openline: switch("isSupportOpenline").unwrap_or(false),
            background: fields::background(fields.named("backgroundId")),
            properties: properties?,
        })
    }

    fn plan(&self, owner: BotOwner) -> Plan<'_> {
        Plan {
            owner,
            code: &self.code,
            kind: self.kind,
            event_mode: self.event_mode,
            webhook_url: &self.webhook_url,
            hidden: self.hidden,
            reactions_enabled: self.reactions_enabled,
            openline: self.openline,
            background: self.background,
            profile: self.properties.as_profile(),
            generation: Generation::Second,
            handlers: &[],
        }
    }
}

/// A word with a default; `None` when it is none of those that are known.
fn word<T: Default>(field: Field<'_>, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    if field.is_absent() {
        return Some(T::default());
    }
    parse(&field.as_text()?)
}
