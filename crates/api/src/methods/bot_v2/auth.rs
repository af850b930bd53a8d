//! Who may act for a bot: `botId` and `botToken`, the same for every method of bots (`spec_auth_transport` §4.4).
//!
//! By an access token a bot belongs to the token's application, and `botToken` is ignored. A webhook has no application, so
//! that whoever gives the right `botToken` owns the bot, whichever webhook it is. What is wrong first is answered, in the
//! order of the pages: token missing, bot not named, no such bot, not the caller's.

use readmark_app::{
    Refused,
    bot::access::{self, Claim, Denied},
};
use readmark_model::{SecretHash, UserId, bot::Bot};

use crate::{
    contract::{
        method::{MethodCx, NoError},
        params::{ParamSpec, ParamType, Parameters, ReadCx, Source},
        parse,
    },
    wire::{Field, IntField, Params},
};

/// `botId`, as every method of one bot documents it.
pub const BOT_ID: ParamSpec = ParamSpec::required("botId", ParamType::Integer, "The bot.");

/// `botToken`, as every method of bots documents it.
pub const BOT_TOKEN: ParamSpec = ParamSpec::optional(
    "botToken",
    ParamType::String,
    "The bot's token as given at its registration; required by webhook, ignored by access token.",
);

/// `dialogId`, as the methods about one chat document it.
pub const DIALOG_ID: ParamSpec = ParamSpec::required(
    "dialogId",
    ParamType::String,
    "The dialog: `chatN`, `sgN`, or the id of a user.",
);

/// `messageId`, as the methods about one message document it.
pub const MESSAGE_ID: ParamSpec =
    ParamSpec::required("messageId", ParamType::Integer, "The message.");

/// What a call says about its bot. An id that is no positive whole number names no bot.
#[must_use]
pub fn claim(params: &Params) -> Claim {
    Claim {
        bot: parse::user(params, "botId"),
        token: token(params.get("botToken")).map(|token| SecretHash::of(&token)),
    }
}

impl Parameters for Claim {
    type Error = NoError;

    const SPEC: &'static [ParamSpec] = &[BOT_ID, BOT_TOKEN];

    fn read(source: Source<'_>, _: &ReadCx<'_>) -> Result<Self, NoError> {
        Ok(Self {
            bot: match source.get("botId").as_int() {
                IntField::Valid(id) if id > 0 => Some(UserId(id)),
                IntField::Valid(_) | IntField::Absent | IntField::Malformed => None,
            },
            token: token(source.get("botToken")).map(|token| SecretHash::of(&token)),
        })
    }
}

/// A token; blank ones are none.
#[must_use]
pub fn token(field: Field<'_>) -> Option<String> {
    let text = field.as_text()?;
    (!text.trim().is_empty()).then(|| text.into_owned())
}

/// Lets a call act for its bot: from here on the bot does what the method does.
///
/// # Errors
/// [`Denied`].
pub fn enter(cx: &mut MethodCx<'_>, claim: &Claim) -> Result<Bot, Refused<Denied>> {
    let bot = access::authorise(&mut cx.app, claim)?;
    cx.app.act_as(bot.user);
    Ok(bot)
}

/// Declares the errors of a method of one bot, as [`error_set!`](crate::error_set): the four of [`Denied`], which it can be
/// made from, and its own.
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
                /// `botId` is missing or no positive whole number.
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
