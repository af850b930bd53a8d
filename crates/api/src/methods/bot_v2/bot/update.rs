//! `imbot.v2.Bot.update`: changes a bot, and its token.
//!
//! Only what is in `fields` changes; without any nothing does. A new token is given as `fields.botToken`, while the old one
//! authorises the call; blank ones and those of applications are ignored. The address of a bot is kept while it fetches its
//! events, so that `webhook` mode can be had back without giving it again.

use readmark_app::{
    Refused,
    bot::{
        access::Claim,
        update::{self, Changes, UpdateRefusal},
    },
};
use readmark_model::{EventMode, Scope, SecretHash};

use crate::{
    bot_error_set,
    content::image::ImageError,
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
    methods::bot_v2::{
        auth,
        fields::{self, InvalidCallback, MAX_TOKEN_CHARS, Properties},
    },
    objects::bot::OneBot,
    wire::{Members, Params},
};

/// See the module.
pub struct ImbotV2BotUpdate;

/// Parameters.
pub struct UpdateParams {
    claim: Claim,
    /// What is wrong with it is answered after the claim.
    wish: Result<Wish, UpdateError>,
}

/// What is to be changed.
struct Wish {
    properties: Properties,
    hidden: Option<bool>,
    reactions_enabled: Option<bool>,
    openline: Option<bool>,
    background: Option<Option<&'static str>>,
    event_mode: Option<EventMode>,
    webhook_url: Option<String>,
    token: Option<SecretHash>,
}

bot_error_set! {
    /// Errors of `imbot.v2.Bot.update`.
    pub enum UpdateError {
        /// `fields.eventMode` is neither `fetch` nor `webhook`.
        BotInvalidEventMode = 400 "BOT_INVALID_EVENT_MODE" "Invalid event mode",
        /// `fields.webhookUrl` is no `http` or `https` address, or `webhook` mode is wanted and none was ever given.
        BotInvalidCallback = 400 "BOT_INVALID_CALLBACK" "Invalid callback URL",
        /// `fields.properties.avatar` is no Base64 of a picture.
        BotAvatarIncorrectType = 400 "BOT_AVATAR_INCORRECT_TYPE" "Avatar must be an image",
        /// The picture is wider or higher than 5000 pixels.
        BotAvatarIncorrectSize = 400 "BOT_AVATAR_INCORRECT_SIZE" "Avatar exceeds maximum size",
        /// The new token belongs to another bot.
        BotTokenRotationFailed = 400 "BOT_TOKEN_ROTATION_FAILED" "Bot token rotation failed",
        /// The new token is longer than 40 characters; the code is that of `imbot.v2.Bot.register`.
        BotTokenInvalidLength = 400 "BOT_TOKEN_INVALID_LENGTH" "Bot token must not be longer than 40 characters",
    }
}

impl From<ImageError> for UpdateError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Type => Self::BotAvatarIncorrectType,
            ImageError::Size => Self::BotAvatarIncorrectSize,
        }
    }
}

impl From<InvalidCallback> for UpdateError {
    fn from(InvalidCallback: InvalidCallback) -> Self {
        Self::BotInvalidCallback
    }
}

impl Method for ImbotV2BotUpdate {
    const NAME: &'static str = "imbot.v2.Bot.update";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes a bot, or its token.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        auth::BOT_TOKEN,
        ParamSpec::required("fields", ParamType::Object, "What is to be changed."),
    ]];
    type Params = UpdateParams;
    type Output = OneBot;
    type Error = UpdateError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<UpdateParams, UpdateError> {
        Ok(UpdateParams {
            claim: auth::claim(params),
            wish: Wish::read(params.get("fields").as_map().unwrap_or_default()),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        let wish = match &params.wish {
            Ok(wish) => wish,
            Err(error) => {
                auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
                return Err(Refused::Because(*error));
            }
        };
        let details = update::update(&mut cx.app, &params.claim, &wish.changes())
            .map_err(|refused| refused.map(UpdateError::from))?;
        Ok(OneBot::new(&details, cx.portal).into())
    }
}

impl From<UpdateRefusal> for UpdateError {
    fn from(refusal: UpdateRefusal) -> Self {
        match refusal {
            UpdateRefusal::Denied(denied) => denied.into(),
            UpdateRefusal::NoAddress => Self::BotInvalidCallback,
            UpdateRefusal::TokenTaken | UpdateRefusal::CodeTaken | UpdateRefusal::EmailTaken => {
                Self::BotTokenRotationFailed
            }
        }
    }
}

impl Wish {
    fn read(fields: Members<'_>) -> Result<Self, UpdateError> {
        let mode = fields.named("eventMode");
        let event_mode = if mode.is_absent() {
            None
        } else {
            let known = mode.as_text().and_then(|mode| EventMode::parse(&mode));
            Some(known.ok_or(UpdateError::BotInvalidEventMode)?)
        };
        let webhook_url = fields::callback(fields.named("webhookUrl"))?;
        let properties = Properties::read(fields)?;
        let token = auth::token(fields.named("botToken"));
        let is_long = |token: &String| token.chars().count() > MAX_TOKEN_CHARS;
        if token.as_ref().is_some_and(is_long) {
            return Err(UpdateError::BotTokenInvalidLength);
        }
        let switch = |name| fields::switch(fields.named(name));
        let background = fields.named("backgroundId");
        Ok(Self {
            properties,
            hidden: switch("isHidden"),
            reactions_enabled: switch("isReactionsEnabled"),
            openline: switch("isSupportOpenline"),
            // Here null is a value: the user's own background.
            background: background.raw().map(|_| fields::background(background)),
            event_mode,
            webhook_url,
            token: token.as_deref().map(SecretHash::of),
        })
    }

    fn changes(&self) -> Changes<'_> {
        Changes {
            profile: self.properties.as_profile(),
            hidden: self.hidden,
            reactions_enabled: self.reactions_enabled,
            openline: self.openline,
            background: self.background,
            event_mode: self.event_mode,
            webhook_url: self.webhook_url.as_deref(),
            token: self.token,
            ..Changes::default()
        }
    }
}
