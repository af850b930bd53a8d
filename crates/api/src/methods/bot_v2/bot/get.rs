//! `imbot.v2.Bot.get`: reads a bot, the caller's own or another.
//!
//! The owner sees the bot with its numbers, everybody else in brief; so a wrong `botToken` is not an error here. `botId` takes
//! precedence over `code`. Extranet users see others' bots only if they share a chat.

use readmark_app::{
    Refused,
    bot::{
        access,
        details::{self, BotName, NotFound},
    },
};
use readmark_model::{Scope, UserId};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::ParamType,
    },
    error_set,
    methods::bot_v2::{auth::BotToken, fields},
    objects::bot::OneBot,
    params,
};

/// `imbot.v2.Bot.get`.
pub struct ImbotV2BotGet;

params! {
    /// Parameters of `imbot.v2.Bot.get`.
    pub struct GetParams: GetError {
        /// The bot, unless `code` is given.
        optional bot: Option<UserId> = "botId", lenient;
        /// Its code, unless `botId` is given.
        optional code: Option<String> = "code", by(fields::name), kind(ParamType::String);
        group token: BotToken;
    }
}

error_set! {
    /// Errors of `imbot.v2.Bot.get`.
    pub enum GetError {
        /// The call comes by a webhook and gives no `botToken`.
        BotTokenNotSpecified = 403 "BOT_TOKEN_NOT_SPECIFIED" "Bot token is not specified",
        /// Neither `botId` nor `code` is given, or `botId` is not a positive whole number and there is no `code`.
        ParamsRequired = 400 "PARAMS_REQUIRED" "Required parameters are missing",
        /// There is no such bot, or it was unregistered, or its user is dismissed.
        BotNotFound = 400 "BOT_NOT_FOUND" "Bot not found",
    }
}

impl Method for ImbotV2BotGet {
    const NAME: &'static str = "imbot.v2.Bot.get";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns a bot.";
    type Params = GetParams;
    type Output = OneBot;
    type Error = GetError;

    fn call(cx: &mut MethodCx<'_>, params: &GetParams) -> Answer<Self> {
        let because = Refused::Because;
        let owner = access::owner(&cx.app, params.token.hash)
            .map_err(|_| because(GetError::BotTokenNotSpecified))?;
        let name = match (params.bot, &params.code) {
            (Some(id), _) => BotName::Id(id),
            (None, Some(code)) => BotName::Code(code),
            (None, None) => return Err(because(GetError::ParamsRequired)),
        };
        let details = details::get(&mut cx.app, name, &owner)
            .map_err(|refused| refused.map(|NotFound| GetError::BotNotFound))?;
        Ok(OneBot::new(&details, cx.portal).into())
    }
}
