//! `imbot.command.register`: registers a slash command, or answers the bot's existing one of this name.
//!
//! Where the page is silent: for an existing command only the handler is replaced. Command calls of a second-generation bot go where
//! its other events go, so the address is validated but not used.

use readmark_app::command::register::{self, Plan, RegisterRefusal};
use readmark_model::Scope;
use readmark_model::command::CommandText;

use crate::{
    bot_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Deferred, ParamType, ReadCx},
    },
    methods::{
        bot_v1::auth::BotClaim,
        bot_v2::fields::Callback,
        shared::command::{self, Name},
    },
    params,
    wire::Field,
};

/// `imbot.command.register`.
pub struct ImbotCommandRegister;

params! {
    /// Parameters of `imbot.command.register`.
    pub struct RegisterParams: CommandRegisterError {
        group claim: BotClaim;
        group command: Deferred<NewCommand>;
    }
}

params! {
    /// The command that is wanted. Its errors are reported after the claim.
    pub struct NewCommand: CommandRegisterError {
        /// Where its calls are sent.
        required handler: Callback = "EVENT_COMMAND_ADD", missing(HandlerMissing), or(HandlerWrong);
        /// The command, with or without a slash.
        required name: String = "COMMAND", by(name), kind(ParamType::String);
        /// What it is called.
        required texts: Vec<CommandText> = "LANG", by(texts), kind(command::LANG);
        /// `Y` when it can be called where the bot is not.
        optional common: bool = "COMMON", default(false);
        /// `Y` when lists of commands leave it out.
        optional hidden: bool = "HIDDEN", default(false);
        /// `Y` when extranet users can call it.
        optional extranet_support: bool = "EXTRANET_SUPPORT", default(false);
    }
}

bot_v1_error_set! {
    /// Errors of `imbot.command.register`.
    pub enum CommandRegisterError: "Bot was installed by another REST application" {
        /// `EVENT_COMMAND_ADD` is missing.
        HandlerMissing = 400 "EVENT_COMMAND_ADD_ERROR" "Handler for \"Command add\" event isn't specified",
        /// `EVENT_COMMAND_ADD` is not an `http` or `https` address.
        HandlerWrong = 400 "EVENT_COMMAND_ADD_ERROR" "Wrong handler URL",
        /// `COMMAND` is missing or blank.
        CommandError = 400 "COMMAND_ERROR" "Command isn't specified",
        /// `LANG` has no item with `LANGUAGE_ID` and `TITLE`.
        LangError = 400 "LANG_ERROR" "Lang set can't be empty",
        /// `COMMAND` is not a string, is longer than 100 characters, or has blanks or a slash in it, the bot has 100 commands, or the caller
        /// is an extranet user.
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
    const SUMMARY: &'static str = "Registers a slash command of a bot.";
    type Params = RegisterParams;
    type Output = i64;
    type Error = CommandRegisterError;

    fn call(cx: &mut MethodCx<'_>, params: &RegisterParams) -> Answer<Self> {
        let bot = params
            .claim
            .enter(cx)
            .map_err(|denied| denied.map(Into::into))?;
        let command = params.command.get::<CommandRegisterError>()?;
        let command = register::register(&mut cx.app, &bot, &command.plan())
            .map_err(|refused| refused.map(CommandRegisterError::from))?;
        Ok(command.id.into())
    }
}

impl NewCommand {
    fn plan(&self) -> Plan<'_> {
        Plan {
            name: &self.name,
            texts: &self.texts,
            common: self.common,
            hidden: self.hidden,
            extranet_support: self.extranet_support,
            handler: Some(&self.handler.0),
        }
    }
}

fn name(field: Field<'_>, _: &ReadCx<'_>) -> Result<String, CommandRegisterError> {
    match Name::read(field) {
        Name::Valid(name) => Ok(name),
        Name::Invalid => Err(CommandRegisterError::WrongRequest),
        Name::Absent | Name::Empty => Err(CommandRegisterError::CommandError),
    }
}

fn texts(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Vec<CommandText>, CommandRegisterError> {
    let texts = command::lang_texts(field, cx)?;
    if texts.is_empty() {
        return Err(CommandRegisterError::LangError);
    }
    Ok(texts)
}
