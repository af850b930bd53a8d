//! Who may act for a bot: `botId` and `botToken`, the same for all bot methods (sources: authorisation).
//!
//! With an access token a bot belongs to the token's application, and `botToken` is ignored. A webhook has no application, so the
//! right `botToken` gives ownership of the bot, on any webhook. The first error is answered, in the order of the pages: token
//! missing, bot not given, unknown bot, not the caller's.

use readmark_app::{
    Refused,
    bot::access::{self, Claim, Denied},
};
use readmark_model::{SecretHash, UserId, bot::Bot};

use crate::{
    contract::{
        method::{MethodCx, NoError},
        params::{ParamSpec, ParamType, Parameters, ReadCx, Source, Wrong},
    },
    params,
    wire::Field,
};

params! {
    /// The token of a bot.
    #[derive(Clone, Copy, Debug)]
    pub struct BotToken: NoError {
        /// The bot's token as given at its registration; required by webhook, ignored by access token.
        optional hash: Option<SecretHash> = "botToken", by(token_hash), kind(ParamType::String);
    }
}

params! {
    /// The parameters by which a call says for which bot it acts. Methods have them as a [`Claim`].
    #[derive(Clone, Copy, Debug)]
    pub struct ClaimParams: NoError {
        /// The bot.
        required bot: Option<UserId> = "botId", lenient;
        group token: BotToken;
    }
}

/// An id that is not a positive whole number names no bot.
impl Parameters for Claim {
    type Error = NoError;

    const SPEC: &'static [ParamSpec] = ClaimParams::SPEC;

    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<NoError>> {
        let ClaimParams { bot, token } = ClaimParams::read(source, cx)?;
        let token = token.hash;
        Ok(Self { bot, token })
    }
}

/// The hash of a token, as [`token`].
pub fn token_hash(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Option<SecretHash>, NoError> {
    Ok(token(field, cx)?.map(|token| SecretHash::of(&token)))
}

/// A token; blank ones count as missing.
pub fn token(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<String>, NoError> {
    let text = field.as_text().filter(|text| !text.trim().is_empty());
    Ok(text.map(|text| text.into_owned()))
}

/// Lets a call act for its bot: from here on the bot is the acting user.
///
/// # Errors
/// [`Denied`].
pub fn enter(cx: &mut MethodCx<'_>, claim: &Claim) -> Result<Bot, Refused<Denied>> {
    let bot = access::authorise(&mut cx.app, claim)?;
    cx.app.act_as(bot.user);
    Ok(bot)
}

/// Declares the errors of a method of one bot, as [`error_set!`](crate::error_set): the four of [`Denied`], from which it converts,
/// and its own.
#[macro_export]
macro_rules! bot_error_set {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[doc = $doc:literal])+ $variant:ident = $status:literal $code:literal $text:literal,)*
        }
    ) => {
        $crate::error_set! {
            $(#[$meta])*
            $vis enum $name {
                /// The call comes by a webhook and gives no `botToken`.
                BotTokenNotSpecified = 403 "BOT_TOKEN_NOT_SPECIFIED" "Bot token is not specified",
                /// `botId` is missing or not a positive whole number.
                BotIdRequired = 400 "BOT_ID_REQUIRED" "Bot ID is required",
                /// There is no such bot, or it was unregistered, or its user is dismissed.
                BotNotFound = 400 "BOT_NOT_FOUND" "Bot not found",
                /// The bot belongs to another application, or the `botToken` is wrong.
                BotOwnershipError = 403 "BOT_OWNERSHIP_ERROR" "Bot is registered by another application",
                $($(#[doc = $doc])+ $variant = $status $code $text,)*
            }
        }

        impl From<readmark_app::bot::access::Denied> for $name {
            fn from(denied: readmark_app::bot::access::Denied) -> Self {
                use readmark_app::bot::access::Denied;
                match denied {
                    Denied::TokenNotSpecified => Self::BotTokenNotSpecified,
                    Denied::IdRequired => Self::BotIdRequired,
                    Denied::NotFound => Self::BotNotFound,
                    Denied::NotOwner => Self::BotOwnershipError,
                }
            }
        }
    };
}
