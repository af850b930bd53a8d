//! Who may act for a first-generation bot: `BOT_ID` and `CLIENT_ID` (sources: authorisation).
//!
//! `CLIENT_ID` is to this generation what `botToken` is to the second, see [`bot_v2::auth`](crate::methods::bot_v2::auth): with an
//! access token it is ignored, by webhook it stands for the application, and it gives access to the same bots under either name. So
//! the methods of each generation work on the bots of the other.

use readmark_app::{
    Refused,
    bot::access::{self, Claim, Denied},
};
use readmark_model::{SecretHash, UserId, bot::Bot};

use crate::{
    contract::{
        method::{MethodCx, NoError},
        params::{Given, ParamType},
    },
    methods::bot_v2::auth,
    params,
};

params! {
    /// The key of the application that calls.
    #[derive(Clone, Copy, Debug)]
    pub struct Client: NoError {
        /// The key that the bot was registered with; required by webhook, ignored by access token.
        optional hash: Option<SecretHash> = "CLIENT_ID", by(auth::token_hash), kind(ParamType::String);
    }
}

params! {
    /// What a call says about its bot, which it must name.
    #[derive(Clone, Copy, Debug)]
    pub struct BotClaim: NoError {
        /// The bot.
        required bot: Option<UserId> = "BOT_ID", lenient;
        group client: Client;
    }
}

params! {
    /// What a call says about its bot: the first one of the application where it names none.
    #[derive(Clone, Copy, Debug)]
    pub struct AnyBotClaim: NoError {
        /// The bot; the application's first one where it is left out.
        optional bot: Given<UserId> = "BOT_ID", given;
        group client: Client;
    }
}

impl BotClaim {
    /// The claim as the use cases of both generations take it.
    #[must_use]
    pub const fn as_claim(&self) -> Claim {
        Claim {
            bot: self.bot,
            token: self.client.hash,
        }
    }

    /// Lets a call act for its bot: from here on the bot is the acting user.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn enter(&self, cx: &mut MethodCx<'_>) -> Result<Bot, Refused<Denied>> {
        auth::enter(cx, &self.as_claim())
    }
}

impl AnyBotClaim {
    /// Lets a call act for its bot, as [`BotClaim::enter`].
    ///
    /// # Errors
    /// [`Denied`].
    pub fn enter(&self, cx: &mut MethodCx<'_>) -> Result<Bot, Refused<Denied>> {
        let named = BotClaim {
            bot: self.bot.valid(),
            client: self.client,
        };
        if self.bot != Given::Absent {
            return named.enter(cx);
        }
        let bot = access::first(&mut cx.app, self.client.hash)?;
        cx.app.act_as(bot.user);
        Ok(bot)
    }
}

/// The basis of [`bot_v1_error_set!`](crate::bot_v1_error_set) and its siblings: an [`error_set!`](crate::error_set) that [`Denied`]
/// converts into. Its first error is for an unknown id, its second for somebody else's; `ACCESS_DENIED` for a webhook without
/// `CLIENT_ID` comes before them.
#[doc(hidden)]
#[macro_export]
macro_rules! v1_error_set {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $(#[doc = $missing_doc:literal])+
            $missing:ident = $missing_status:literal $missing_code:literal $missing_text:literal,
            $(#[doc = $foreign_doc:literal])+
            $foreign:ident = $foreign_status:literal $foreign_code:literal $foreign_text:literal,
            $($own:tt)*
        }
    ) => {
        $crate::error_set! {
            $(#[$meta])*
            $vis enum $name {
                /// The call comes by a webhook and gives no `CLIENT_ID`.
                ClientIdMissing = 403 "ACCESS_DENIED" "Access denied! Client ID not specified",
                $(#[doc = $missing_doc])+
                $missing = $missing_status $missing_code $missing_text,
                $(#[doc = $foreign_doc])+
                $foreign = $foreign_status $foreign_code $foreign_text,
                $($own)*
            }
        }

        impl From<readmark_app::bot::access::Denied> for $name {
            fn from(denied: readmark_app::bot::access::Denied) -> Self {
                use readmark_app::bot::access::Denied;
                match denied {
                    Denied::TokenNotSpecified => Self::ClientIdMissing,
                    Denied::IdRequired | Denied::NotFound => Self::$missing,
                    Denied::NotOwner => Self::$foreign,
                }
            }
        }
    };
}

/// Declares the errors of a method of one bot, as [`error_set!`](crate::error_set): the three of [`Denied`], which it can be made
/// from, and its own. The pages write the text of `APP_ID_ERROR` in two ways; the method's own is given behind its name.
///
/// ```
/// readmark_api::bot_v1_error_set! {
///     /// Errors of `imbot.sample`.
///     pub enum SampleError: "Bot was installed by another REST application" {
///         /// `CODE` is missing.
///         CodeError = 400 "CODE_ERROR" "Bot code isn't specified",
///     }
/// }
/// ```
#[macro_export]
macro_rules! bot_v1_error_set {
    ($(#[$meta:meta])* $vis:vis enum $name:ident: $foreign:literal { $($own:tt)* }) => {
        $crate::v1_error_set! {
            $(#[$meta])*
            $vis enum $name {
                /// There is no such bot, it was unregistered, or the application has none.
                BotIdError = 400 "BOT_ID_ERROR" "Bot not found",
                /// The bot belongs to another application, or the `CLIENT_ID` is wrong.
                AppIdError = 400 "APP_ID_ERROR" $foreign,
                $($own)*
            }
        }
    };
}

/// Declares the errors of a method of one command, as [`error_set!`](crate::error_set): the three of
/// [`Denied`](readmark_app::bot::access::Denied), which it can be made from, and its own. The pages write the text of `APP_ID_ERROR` in
/// two ways; the method's own is given behind its name.
#[macro_export]
macro_rules! command_v1_error_set {
    ($(#[$meta:meta])* $vis:vis enum $name:ident: $foreign:literal { $($own:tt)* }) => {
        $crate::v1_error_set! {
            $(#[$meta])*
            $vis enum $name {
                /// There is no such command.
                CommandIdError = 400 "COMMAND_ID_ERROR" "Command not found",
                /// The command belongs to another application, or the `CLIENT_ID` is wrong.
                AppIdError = 400 "APP_ID_ERROR" $foreign,
                $($own)*
            }
        }
    };
}

/// Declares the errors of a method of one application, as [`error_set!`](crate::error_set): the three of
/// [`Denied`](readmark_app::bot::access::Denied), which it can be made from, and its own.
#[macro_export]
macro_rules! app_v1_error_set {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($own:tt)* }) => {
        $crate::v1_error_set! {
            $(#[$meta])*
            $vis enum $name {
                /// There is no such application.
                ChatAppIdError = 400 "CHAT_APP_ID_ERROR" "Application not found",
                /// The application belongs to another one's bot, or the `CLIENT_ID` is wrong.
                AppIdError = 400 "APP_ID_ERROR" "Application was installed by another rest application",
                $($own)*
            }
        }
    };
}
