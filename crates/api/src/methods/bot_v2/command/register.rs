//! `imbot.v2.Command.register`: gives a bot a slash command, or answers the one of this name that it has.
//!
//! Where the page is silent: a slash before the name is cut off, and names are compared without regard to letter case. What has
//! blanks or another slash in it is no name. A bot has 100 commands at most. Without `fields` its members are taken from the
//! parameters themselves, as calls in the old form give them.

use readmark_app::{
    Refused,
    bot::access::Claim,
    command::register::{self, Plan, RegisterRefusal},
};
use readmark_model::{Scope, command::CommandText};
use serde_json::{Map, Value};

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
    methods::{
        bot_v2::{auth, fields},
        shared::command::{self, Name},
    },
    objects::command::OneCommand,
    wire::{Field, Members, Params},
};

/// See the module.
pub struct ImbotV2CommandRegister;

/// Parameters.
pub struct RegisterParams {
    claim: Claim,
    /// What is wrong with it is answered after the claim.
    wish: Result<Wish, CommandRegisterError>,
}

/// The command that is wanted.
struct Wish {
    name: String,
    texts: Vec<CommandText>,
    common: bool,
    hidden: bool,
    extranet_support: bool,
}

bot_error_set! {
    /// Errors of `imbot.v2.Command.register`.
    pub enum CommandRegisterError {
        /// `fields.command` is no text, longer than 100 characters, or has blanks or a slash in it.
        CommandNameInvalid = 400 "COMMAND_NAME_INVALID" "Command name is invalid",
        /// `fields.command` is missing or blank.
        CommandRequired = 400 "COMMAND_REQUIRED" "Command is required",
        /// The command is not hidden, and `fields.title` says nothing in any language.
        CommandTitleRequired = 400 "COMMAND_TITLE_REQUIRED" "Command title is required",
        /// The bot has 100 commands, or the caller comes from outside.
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
    const SUMMARY: &'static str = "Gives a bot a slash command.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        auth::BOT_TOKEN,
        ParamSpec::required(
            "fields",
            ParamType::Object,
            "The command: `command`, `title` by language, `params` by language, `common`, `hidden`, `extranetSupport`.",
        ),
    ]];
    type Params = RegisterParams;
    type Output = OneCommand;
    type Error = CommandRegisterError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<RegisterParams, CommandRegisterError> {
        let flat;
        let fields = match params.get("fields").as_map() {
            Some(fields) => fields,
            None => {
                flat = Value::Object(flat_fields(params));
                Field::from(&flat).as_map().unwrap_or_default()
            }
        };
        Ok(RegisterParams {
            claim: auth::claim(params),
            wish: Wish::read(fields),
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
        Ok(OneCommand::from(&command).into())
    }
}

/// The members of `fields` from where calls in the old form have them.
fn flat_fields(params: &Params) -> Map<String, Value> {
    [
        "command",
        "title",
        "params",
        "common",
        "hidden",
        "extranetSupport",
    ]
    .into_iter()
    .filter_map(|name| Some((name.to_owned(), params.get(name).raw()?.clone())))
    .collect()
}

impl Wish {
    fn read(fields: Members<'_>) -> Result<Self, CommandRegisterError> {
        let name = match Name::read(fields.named("command")) {
            Name::Valid(name) => name,
            Name::Invalid => return Err(CommandRegisterError::CommandNameInvalid),
            Name::Absent | Name::Empty => return Err(CommandRegisterError::CommandRequired),
        };
        let switch = |name| fields::switch(fields.named(name)).unwrap_or(false);
        let texts = command::texts(fields);
        let hidden = switch("hidden");
        if texts.is_empty() && !hidden {
            return Err(CommandRegisterError::CommandTitleRequired);
        }
        Ok(Self {
            name,
            texts,
            common: switch("common"),
            hidden,
            extranet_support: switch("extranetSupport"),
        })
    }

    fn plan(&self) -> Plan<'_> {
        Plan {
            name: &self.name,
            texts: &self.texts,
            common: self.common,
            hidden: self.hidden,
            extranet_support: self.extranet_support,
            handler: None,
        }
    }
}
