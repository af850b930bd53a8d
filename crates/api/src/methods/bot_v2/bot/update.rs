//! `imbot.v2.Bot.update`: changes a bot, and its token.
//!
//! Only what is in `fields` changes. A new token is given as `fields.botToken`, while the old one authorises the call; blank tokens
//! and those from applications are ignored. A bot's address is kept while the bot fetches its events, so that it can return to
//! `webhook` mode without giving it again.

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
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{Deferred, ParamType, ReadCx},
    },
    methods::bot_v2::{
        auth,
        fields::{self, Callback, MAX_TOKEN_CHARS, Properties},
    },
    objects::bot::OneBot,
    params,
    wire::Field,
};

/// `imbot.v2.Bot.update`.
pub struct ImbotV2BotUpdate;

params! {
    /// Parameters of `imbot.v2.Bot.update`.
    pub struct UpdateParams: UpdateError {
        group claim: Claim;
        /// The changes; what is left out stays.
        required fields: Deferred<UpdateFields> = "fields", members;
    }
}

params! {
    /// `fields`. Its errors are reported after the claim.
    pub struct UpdateFields: UpdateError {
        /// How it gets its events: `fetch` or `webhook`.
        optional event_mode: Option<EventMode> = "eventMode", or(BotInvalidEventMode);
        /// Where its events are sent in the mode `webhook`.
        optional webhook_url: Option<Callback> = "webhookUrl", or(BotInvalidCallback);
        /// How it looks.
        optional properties: Properties = "properties", members;
        /// Its new token, up to 40 characters; a blank one is ignored.
        optional token: Option<SecretHash> = "botToken", by(new_token), kind(ParamType::String);
        /// Whether the contact list leaves it out.
        optional hidden: Option<bool> = "isHidden", typed;
        /// Whether its messages take reactions.
        optional reactions_enabled: Option<bool> = "isReactionsEnabled", typed;
        /// Whether it serves open channels.
        optional openline: Option<bool> = "isSupportOpenline", typed;
        /// The background of its chats; the user's own for null and for unknown names.
        optional background: Option<Option<&'static str>> = "backgroundId", by(background), kind(ParamType::String);
    }
}

bot_error_set! {
    /// Errors of `imbot.v2.Bot.update`.
    pub enum UpdateError {
        /// `fields.eventMode` is neither `fetch` nor `webhook`.
        BotInvalidEventMode = 400 "BOT_INVALID_EVENT_MODE" "Invalid event mode",
        /// `fields.webhookUrl` is not an `http` or `https` address, or `webhook` mode is wanted and none was ever given.
        BotInvalidCallback = 400 "BOT_INVALID_CALLBACK" "Invalid callback URL",
        /// `fields.properties.avatar` is not a picture in Base64.
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

impl Method for ImbotV2BotUpdate {
    const NAME: &'static str = "imbot.v2.Bot.update";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes a bot, or its token.";
    type Params = UpdateParams;
    type Output = OneBot;
    type Error = UpdateError;

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        let fields = match &params.fields.0 {
            Ok(fields) => fields,
            Err(error) => {
                auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
                return Err(Refused::Because(*error));
            }
        };
        let details = update::update(&mut cx.app, &params.claim, &fields.changes())
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

impl UpdateFields {
    fn changes(&self) -> Changes<'_> {
        Changes {
            profile: self.properties.as_profile(),
            hidden: self.hidden,
            reactions_enabled: self.reactions_enabled,
            openline: self.openline,
            background: self.background,
            event_mode: self.event_mode,
            webhook_url: self.webhook_url.as_ref().map(|url| url.0.as_str()),
            token: self.token,
            ..Changes::default()
        }
    }
}

fn new_token(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Option<SecretHash>, UpdateError> {
    match auth::token(field, cx)? {
        Some(token) if token.chars().count() > MAX_TOKEN_CHARS => {
            Err(UpdateError::BotTokenInvalidLength)
        }
        token => Ok(token.as_deref().map(SecretHash::of)),
    }
}

/// Null is a value here: the user's own background.
fn background(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<Option<&'static str>>, NoError> {
    Ok(field.raw().map(|_| fields::background(field)))
}
