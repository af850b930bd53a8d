//! `imbot.v2.Command.update`: changes a slash command.
//!
//! Only what is in `fields` changes. `title` and `params` change in the languages that `title` names: a null or empty title takes
//! both away, and where `params` does not name the language they stay. A name is given without regard to a slash before it.

use readmark_app::{
    Refused,
    bot::access::Claim,
    command::change::{self, ChangeRefusal, Changes, Texts, Wording},
};
use readmark_model::Scope;

use crate::{
    bot_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    methods::{
        bot_v2::{auth, fields},
        shared::command::{self, Name},
    },
    objects::command::OneCommand,
    wire::{Members, Params},
};

/// See the module.
pub struct ImbotV2CommandUpdate;

/// Parameters.
pub struct UpdateParams {
    claim: Claim,
    command: Option<i64>,
    name: Name,
    wordings: Vec<Wording>,
    common: Option<bool>,
    hidden: Option<bool>,
    extranet_support: Option<bool>,
}

bot_error_set! {
    /// Errors of `imbot.v2.Command.update`.
    pub enum CommandUpdateError {
        /// The bot has no such command, or the caller comes from outside.
        CommandNotFound = 400 "COMMAND_NOT_FOUND" "Command not found",
        /// `fields.command` is blank.
        CommandNameEmpty = 400 "COMMAND_NAME_EMPTY" "Command name is empty",
        /// `fields.command` is no text, longer than 100 characters, or has blanks or a slash in it.
        CommandNameInvalid = 400 "COMMAND_NAME_INVALID" "Command name is invalid",
        /// The bot has another command of this name.
        CommandAlreadyExists = 400 "COMMAND_ALREADY_EXISTS" "Command already exists",
    }
}

impl From<ChangeRefusal> for CommandUpdateError {
    fn from(refusal: ChangeRefusal) -> Self {
        match refusal {
            ChangeRefusal::NotFound | ChangeRefusal::Outsider => Self::CommandNotFound,
            ChangeRefusal::NameTaken => Self::CommandAlreadyExists,
        }
    }
}

impl Method for ImbotV2CommandUpdate {
    const NAME: &'static str = "imbot.v2.Command.update";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes a slash command of a bot.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        auth::BOT_TOKEN,
        command::COMMAND_ID,
        ParamSpec::required(
            "fields",
            ParamType::Object,
            "What is to be changed: `command`, `title` and `params` by language, `common`, `hidden`, `extranetSupport`.",
        ),
    ]];
    type Params = UpdateParams;
    type Output = OneCommand;
    type Error = CommandUpdateError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<UpdateParams, CommandUpdateError> {
        let fields = params.get("fields").as_map().unwrap_or_default();
        let switch = |name| fields::switch(fields.named(name));
        Ok(UpdateParams {
            claim: auth::claim(params),
            command: parse::positive(params, "commandId"),
            name: Name::read(fields.named("command")),
            wordings: wordings(fields),
            common: switch("common"),
            hidden: switch("hidden"),
            extranet_support: switch("extranetSupport"),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        let because = Refused::Because;
        let bot = auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let id = params
            .command
            .ok_or(because(CommandUpdateError::CommandNotFound))?;
        change::check(&mut cx.app, &bot, id)
            .map_err(|refused| refused.map(CommandUpdateError::from))?;
        let name = match &params.name {
            Name::Absent => None,
            Name::Valid(name) => Some(name.as_str()),
            Name::Empty => return Err(because(CommandUpdateError::CommandNameEmpty)),
            Name::Invalid => return Err(because(CommandUpdateError::CommandNameInvalid)),
        };
        let changes = Changes {
            name,
            texts: Texts::Some(&params.wordings),
            common: params.common,
            hidden: params.hidden,
            extranet_support: params.extranet_support,
            handler: None,
        };
        let command = change::update(&mut cx.app, &bot, id, &changes)
            .map_err(|refused| refused.map(CommandUpdateError::from))?;
        Ok(OneCommand::from(&command).into())
    }
}

fn wordings(fields: Members<'_>) -> Vec<Wording> {
    let mut params = command::translations(fields.named("params"));
    let titles = command::translations(fields.named("title")).into_iter();
    titles
        .map(|(language, title)| Wording {
            title,
            params: params.remove(&language).map(Option::unwrap_or_default),
            language,
        })
        .collect()
}
