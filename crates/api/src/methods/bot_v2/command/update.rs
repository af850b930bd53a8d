//! `imbot.v2.Command.update`: changes a slash command.
//!
//! Only what is in `fields` changes. `title` and `params` change in the languages that `title` has: a null or empty title removes
//! both, and `params` stay for a language they do not have. A leading slash of a name is ignored.

use readmark_app::{
    Refused,
    bot::access::Claim,
    command::change::{self, ChangeRefusal, Changes, Texts},
};
use readmark_model::Scope;

use crate::{
    bot_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::Positive,
    },
    methods::{
        bot_v2::auth,
        shared::command::{Name, Translations},
    },
    objects::command::OneCommand,
    params,
};

/// `imbot.v2.Command.update`.
pub struct ImbotV2CommandUpdate;

params! {
    /// Parameters of `imbot.v2.Command.update`.
    pub struct UpdateParams: CommandUpdateError {
        group claim: Claim;
        /// The command.
        required command: Option<Positive> = "commandId", lenient;
        /// The changes; what is left out stays.
        required fields: UpdateFields = "fields", members;
    }
}

params! {
    /// `fields`.
    pub struct UpdateFields: NoError {
        /// The command, with or without a slash.
        optional name: Name = "command", default(Name::Absent), lenient;
        group translations: Translations;
        /// Whether it can be called where the bot is not.
        optional common: Option<bool> = "common", typed;
        /// Whether lists of commands leave it out.
        optional hidden: Option<bool> = "hidden", typed;
        /// Whether extranet users can call it.
        optional extranet_support: Option<bool> = "extranetSupport", typed;
    }
}

bot_error_set! {
    /// Errors of `imbot.v2.Command.update`.
    pub enum CommandUpdateError {
        /// The bot has no such command, or the caller is an extranet user.
        CommandNotFound = 400 "COMMAND_NOT_FOUND" "Command not found",
        /// `fields.command` is blank.
        CommandNameEmpty = 400 "COMMAND_NAME_EMPTY" "Command name is empty",
        /// `fields.command` is not a string, is longer than 100 characters, or has blanks or a slash in it.
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
    type Params = UpdateParams;
    type Output = OneCommand;
    type Error = CommandUpdateError;

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        let because = Refused::Because;
        let bot = auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let id = params
            .command
            .ok_or(because(CommandUpdateError::CommandNotFound))?
            .0;
        change::check(&mut cx.app, &bot, id)
            .map_err(|refused| refused.map(CommandUpdateError::from))?;
        let fields = &params.fields;
        let name = match &fields.name {
            Name::Absent => None,
            Name::Valid(name) => Some(name.as_str()),
            Name::Empty => return Err(because(CommandUpdateError::CommandNameEmpty)),
            Name::Invalid => return Err(because(CommandUpdateError::CommandNameInvalid)),
        };
        let changes = Changes {
            name,
            texts: Texts::Some(&fields.translations.wordings()),
            common: fields.common,
            hidden: fields.hidden,
            extranet_support: fields.extranet_support,
            handler: None,
        };
        let command = change::update(&mut cx.app, &bot, id, &changes)
            .map_err(|refused| refused.map(CommandUpdateError::from))?;
        Ok(OneCommand::from(&command).into())
    }
}
