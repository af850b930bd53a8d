//! `imbot.command.register`: gives a bot a slash command, or answers the one of this name that it has.
//!
//! Where the page is silent: of a command that the bot has only the handler is put in the place of the one before. The calls of a bot of
//! the second generation are told where everything is told to it, so that the address is checked and not used.

use readmark_app::{
    Refused,
    command::register::{self, Plan, RegisterRefusal},
};
use readmark_model::{Scope, command::CommandText};

use crate::{
    bot_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    methods::{
        bot_v1::auth::{self, V1Claim},
        bot_v2::fields,
        shared::command::{self, Name},
    },
    wire::Params,
};

/// See the module.
pub struct ImbotCommandRegister;

/// Parameters.
pub struct RegisterParams {
    claim: V1Claim,
    /// What is wrong with it is answered after the claim.
    wish: Result<Wish, CommandRegisterError>,
}

/// The command that is wanted.
struct Wish {
    name: String,
    handler: String,
    texts: Vec<CommandText>,
    common: bool,
    hidden: bool,
    extranet_support: bool,
}

bot_v1_error_set! {
    /// Errors of `imbot.command.register`.
    pub enum CommandRegisterError: "Bot was installed by another REST application" {
        /// `EVENT_COMMAND_ADD` is missing.
        HandlerMissing = 400 "EVENT_COMMAND_ADD_ERROR" "Handler for \"Command add\" event isn't specified",
        /// `EVENT_COMMAND_ADD` is no `http` or `https` address.
        HandlerWrong = 400 "EVENT_COMMAND_ADD_ERROR" "Wrong handler URL",
        /// `COMMAND` is missing or blank.
        CommandError = 400 "COMMAND_ERROR" "Command isn't specified",
        /// `LANG` has no item with `LANGUAGE_ID` and `TITLE`.
        LangError = 400 "LANG_ERROR" "Lang set can't be empty",
        /// `COMMAND` is no text, longer than 100 characters, or has blanks or a slash in it, the bot has 100 commands, or the caller
        /// comes from outside.
        WrongRequest = 400 "WRONG_REQUEST" "Command can't be created",
    }
}

impl From<RegisterRefusal> for CommandRegisterError {
    fn from(refusal: RegisterRefusal) -> Self {
        match refusal {
            RegisterRefusal::Outsider | RegisterRefusal::LimitExceeded => Self::WrongRequest,
            RegisterRefusal::BotGone => Self::BotIdError,
        }
    }
}

impl Method for ImbotCommandRegister {
    const NAME: &'static str = "imbot.command.register";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Gives a bot a slash command.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        ParamSpec::required(
            "COMMAND",
            ParamType::String,
            "The command, with or without a slash.",
        ),
        ParamSpec::required(
            "EVENT_COMMAND_ADD",
            ParamType::String,
            "Where its calls are sent.",
        ),
        ParamSpec::required(
            "LANG",
            ParamType::Array,
            "What it is called: items with `LANGUAGE_ID`, `TITLE`, `PARAMS`.",
        ),
        ParamSpec::optional(
            "COMMON",
            ParamType::Boolean,
            "`Y` when it can be called where the bot is not.",
        ),
        ParamSpec::optional(
            "HIDDEN",
            ParamType::Boolean,
            "`Y` when lists of commands leave it out.",
        ),
        ParamSpec::optional(
            "EXTRANET_SUPPORT",
            ParamType::Boolean,
            "`Y` when users from outside can call it.",
        ),
        auth::CLIENT_ID,
    ]];
    type Params = RegisterParams;
    type Output = i64;
    type Error = CommandRegisterError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<RegisterParams, CommandRegisterError> {
        Ok(RegisterParams {
            claim: auth::claim(params),
            wish: Wish::read(params),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &RegisterParams) -> Answer<Self> {
        let bot = auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let wish = params
            .wish
            .as_ref()
            .map_err(|error| Refused::Because(*error))?;
        let command = register::register(&mut cx.app, &bot, &wish.plan())
            .map_err(|refused| refused.map(CommandRegisterError::from))?;
        Ok(command.id.into())
    }
}

impl Wish {
    fn read(params: &Params) -> Result<Self, CommandRegisterError> {
        let handler = fields::callback(params.get("EVENT_COMMAND_ADD"))
            .map_err(|_| CommandRegisterError::HandlerWrong)?
            .ok_or(CommandRegisterError::HandlerMissing)?;
        let name = match Name::read(params.get("COMMAND")) {
            Name::Valid(name) => name,
            Name::Invalid => return Err(CommandRegisterError::WrongRequest),
            Name::Absent | Name::Empty => return Err(CommandRegisterError::CommandError),
        };
        let texts = command::lang_texts(params.get("LANG"));
        if texts.is_empty() {
            return Err(CommandRegisterError::LangError);
        }
        Ok(Self {
            name,
            handler,
            texts,
            common: parse::flag(params, "COMMON", false),
            hidden: parse::flag(params, "HIDDEN", false),
            extranet_support: parse::flag(params, "EXTRANET_SUPPORT", false),
        })
    }

    fn plan(&self) -> Plan<'_> {
        Plan {
            name: &self.name,
            texts: &self.texts,
            common: self.common,
            hidden: self.hidden,
            extranet_support: self.extranet_support,
            handler: Some(&self.handler),
        }
    }
}
