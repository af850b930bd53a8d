//! `imbot.command.update`: changes a slash command.
//!
//! Only what is in `FIELDS` changes; `LANG` replaces all texts.

use readmark_app::command::{
    change::{self, ChangeRefusal, Changes, Texts},
    find,
};
use readmark_model::Scope;
use readmark_model::command::CommandText;

use crate::{
    command_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Deferred, ParamType, Positive, ReadCx},
    },
    methods::{
        bot_v1::auth::Client,
        bot_v2::fields::Callback,
        shared::command::{self, Name},
    },
    params,
    wire::Field,
};

/// `imbot.command.update`.
pub struct ImbotCommandUpdate;

params! {
    /// Parameters of `imbot.command.update`.
    pub struct UpdateParams: CommandUpdateError {
        /// The command.
        required command: Option<Positive> = "COMMAND_ID", lenient;
        /// The changes; what is left out stays.
        required fields: Deferred<UpdateFields> = "FIELDS", members;
        group client: Client;
    }
}

params! {
    /// `FIELDS`. Its errors are reported after the command.
    pub struct UpdateFields: CommandUpdateError {
        /// The command, with or without a slash.
        optional name: Option<String> = "COMMAND", by(name), kind(ParamType::String);
        /// Where its calls are sent.
        optional handler: Option<Callback> = "EVENT_COMMAND_ADD", or(HandlerWrong);
        /// `Y` when lists of commands leave it out.
        optional hidden: Option<bool> = "HIDDEN", typed;
        /// `Y` when extranet users can call it.
        optional extranet_support: Option<bool> = "EXTRANET_SUPPORT", typed;
        /// What it is called, in place of everything before.
        optional texts: Vec<CommandText> = "LANG", by(command::lang_texts), kind(command::LANG);
    }
    check not_empty;
}

command_v1_error_set! {
    /// Errors of `imbot.command.update`.
    pub enum CommandUpdateError: "Command was installed by another rest application" {
        /// `FIELDS.EVENT_COMMAND_ADD` is not an `http` or `https` address.
        HandlerWrong = 400 "EVENT_COMMAND_ADD_ERROR" "Wrong handler URL",
        /// `FIELDS` has nothing that can be changed.
        Empty = 400 "WRONG_REQUEST" "Update fields can't be empty",
        /// `FIELDS.COMMAND` is not a string, is blank, is longer than 100 characters, has blanks or a slash in it, or is another command of the
        /// bot, or the caller is an extranet user.
        WrongRequest = 400 "WRONG_REQUEST" "Command can't be updated",
    }
}

impl From<ChangeRefusal> for CommandUpdateError {
    fn from(refusal: ChangeRefusal) -> Self {
        match refusal {
            ChangeRefusal::NotFound => Self::CommandIdError,
            ChangeRefusal::Outsider | ChangeRefusal::NameTaken => Self::WrongRequest,
        }
    }
}

impl Method for ImbotCommandUpdate {
    const NAME: &'static str = "imbot.command.update";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes a slash command of a bot.";
    type Params = UpdateParams;
    type Output = bool;
    type Error = CommandUpdateError;

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        let command = params.command.map(|command| command.0);
        let (command, bot) = find::by_id(&mut cx.app, params.client.hash, command)
            .map_err(|denied| denied.map(CommandUpdateError::from))?;
        cx.app.act_as(bot.user);
        let fields = params.fields.get::<CommandUpdateError>()?;
        change::update(&mut cx.app, &bot, command.id, &fields.changes())
            .map_err(|refused| refused.map(CommandUpdateError::from))?;
        Ok(true.into())
    }
}

impl UpdateFields {
    fn changes(&self) -> Changes<'_> {
        Changes {
            name: self.name.as_deref(),
            texts: if self.texts.is_empty() {
                Texts::Some(&[])
            } else {
                Texts::All(&self.texts)
            },
            common: None,
            hidden: self.hidden,
            extranet_support: self.extranet_support,
            handler: self.handler.as_ref().map(|handler| handler.0.as_str()),
        }
    }
}

fn name(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<String>, CommandUpdateError> {
    match Name::read(field) {
        Name::Valid(name) => Ok(Some(name)),
        Name::Absent => Ok(None),
        Name::Empty | Name::Invalid => Err(CommandUpdateError::WrongRequest),
    }
}

fn not_empty(fields: UpdateFields) -> Result<UpdateFields, CommandUpdateError> {
    let is_empty = fields.name.is_none()
        && fields.handler.is_none()
        && fields.hidden.is_none()
        && fields.extranet_support.is_none()
        && fields.texts.is_empty();
    if is_empty {
        return Err(CommandUpdateError::Empty);
    }
    Ok(fields)
}
