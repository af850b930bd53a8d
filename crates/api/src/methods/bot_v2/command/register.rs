//! `imbot.v2.Command.register`: registers a slash command, or answers the bot's existing one of this name.
//!
//! Where the page is silent: a leading slash is removed from the name, and names are compared ignoring letter case. A name with
//! blanks or another slash is invalid. A bot has at most 100 commands. Without `fields` its members are read from the top-level
//! parameters, as in calls of the old form.

use readmark_app::{
    bot::access::Claim,
    command::register::{self, Plan, RegisterRefusal},
};
use readmark_model::Scope;

use crate::{
    bot_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{Deferred, ParamSpec, ParamType, Parameters, ReadCx, Source, Wrong},
    },
    methods::{
        bot_v2::auth,
        shared::command::{Name, Translations},
    },
    objects::command::OneCommand,
    params,
    wire::Field,
};

/// `imbot.v2.Command.register`.
pub struct ImbotV2CommandRegister;

/// Parameters of `imbot.v2.Command.register`.
pub struct RegisterParams {
    claim: Claim,
    command: Deferred<NewCommand>,
}

params! {
    /// The parameters as they are documented.
    struct NestedParams: NoError {
        group claim: Claim;
        /// The command.
        required fields: Deferred<NewCommand> = "fields", members;
    }
}

params! {
    /// `fields`: the command that is wanted. Its errors are reported after the claim.
    pub struct NewCommand: CommandRegisterError {
        /// The command, with or without a slash.
        required name: String = "command", by(name), kind(ParamType::String);
        group translations: Translations;
        /// Whether it can be called where the bot is not; `false` when left out.
        optional common: bool = "common", default(false);
        /// Whether lists of commands leave it out; `false` when left out.
        optional hidden: bool = "hidden", default(false);
        /// Whether extranet users can call it; `false` when left out.
        optional extranet_support: bool = "extranetSupport", default(false);
    }
    check has_title;
}

bot_error_set! {
    /// Errors of `imbot.v2.Command.register`.
    pub enum CommandRegisterError {
        /// `fields.command` is not a string, is longer than 100 characters, or has blanks or a slash in it.
        CommandNameInvalid = 400 "COMMAND_NAME_INVALID" "Command name is invalid",
        /// `fields.command` is missing or blank.
        CommandRequired = 400 "COMMAND_REQUIRED" "Command is required",
        /// The command is not hidden, and `fields.title` says nothing in any language.
        CommandTitleRequired = 400 "COMMAND_TITLE_REQUIRED" "Command title is required",
        /// The bot has 100 commands, or the caller is an extranet user.
        CommandRegisterFailed = 400 "COMMAND_REGISTER_FAILED" "Command registration failed",
    }
}

impl From<RegisterRefusal> for CommandRegisterError {
    fn from(refusal: RegisterRefusal) -> Self {
        match refusal {
            RegisterRefusal::Outsider | RegisterRefusal::LimitExceeded => {
                Self::CommandRegisterFailed
            }
            RegisterRefusal::BotGone => Self::BotNotFound,
        }
    }
}

impl Method for ImbotV2CommandRegister {
    const NAME: &'static str = "imbot.v2.Command.register";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Registers a slash command of a bot.";
    type Params = RegisterParams;
    type Output = OneCommand;
    type Error = CommandRegisterError;

    fn call(cx: &mut MethodCx<'_>, params: &RegisterParams) -> Answer<Self> {
        let bot = auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let command = params.command.get::<CommandRegisterError>()?;
        let plan = Plan {
            name: &command.name,
            texts: &command.translations.texts(),
            common: command.common,
            hidden: command.hidden,
            extranet_support: command.extranet_support,
            handler: None,
        };
        let command = register::register(&mut cx.app, &bot, &plan)
            .map_err(|refused| refused.map(CommandRegisterError::from))?;
        Ok(OneCommand::from(&command).into())
    }
}

impl Parameters for RegisterParams {
    type Error = CommandRegisterError;

    const SPEC: &'static [ParamSpec] = NestedParams::SPEC;

    /// Calls of the old form have the members of `fields` next to `botId`.
    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<CommandRegisterError>> {
        let NestedParams { claim, fields } =
            NestedParams::read(source, cx).map_err(Wrong::of_any)?;
        let command = if source.get("fields").as_map().is_some() {
            fields
        } else {
            Deferred::read(source, cx).map_err(Wrong::of_any)?
        };
        Ok(Self { claim, command })
    }
}

fn name(field: Field<'_>, _: &ReadCx<'_>) -> Result<String, CommandRegisterError> {
    match Name::read(field) {
        Name::Valid(name) => Ok(name),
        Name::Invalid => Err(CommandRegisterError::CommandNameInvalid),
        Name::Absent | Name::Empty => Err(CommandRegisterError::CommandRequired),
    }
}

fn has_title(command: NewCommand) -> Result<NewCommand, CommandRegisterError> {
    if command.hidden || command.translations.has_title() {
        Ok(command)
    } else {
        Err(CommandRegisterError::CommandTitleRequired)
    }
}
