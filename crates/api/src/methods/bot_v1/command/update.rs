//! `imbot.command.update`: changes a slash command.
//!
//! Only what is in `FIELDS` changes; `LANG` takes the place of everything that the command is called.

use readmark_app::{
    Refused,
    command::{
        change::{self, ChangeRefusal, Changes, Texts},
        find,
    },
};
use readmark_model::{Scope, SecretHash, command::CommandText};

use crate::{
    command_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    methods::{
        bot_v1::auth,
        bot_v2::fields,
        shared::command::{self, Name},
    },
    wire::{Members, Params},
};

/// See the module.
pub struct ImbotCommandUpdate;

/// Parameters.
pub struct UpdateParams {
    client: Option<SecretHash>,
    command: Option<i64>,
    /// What is wrong with it is answered after the command.
    wish: Result<Wish, CommandUpdateError>,
}

/// What is to be changed.
struct Wish {
    name: Option<String>,
    handler: Option<String>,
    hidden: Option<bool>,
    extranet_support: Option<bool>,
    texts: Option<Vec<CommandText>>,
}

command_v1_error_set! {
    /// Errors of `imbot.command.update`.
    pub enum CommandUpdateError: "Command was installed by another rest application" {
        /// `FIELDS.EVENT_COMMAND_ADD` is no `http` or `https` address.
        HandlerWrong = 400 "EVENT_COMMAND_ADD_ERROR" "Wrong handler URL",
        /// `FIELDS` has nothing that can be changed.
        Empty = 400 "WRONG_REQUEST" "Update fields can't be empty",
        /// `FIELDS.COMMAND` is no text, blank, longer than 100 characters, has blanks or a slash in it, or is another command of the
        /// bot, or the caller comes from outside.
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
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        command::V1_COMMAND_ID,
        ParamSpec::required(
            "FIELDS",
            ParamType::Object,
            "What is to be changed: `COMMAND`, `EVENT_COMMAND_ADD`, `HIDDEN`, `EXTRANET_SUPPORT`, `LANG`.",
        ),
        auth::CLIENT_ID,
    ]];
    type Params = UpdateParams;
    type Output = bool;
    type Error = CommandUpdateError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<UpdateParams, CommandUpdateError> {
        Ok(UpdateParams {
            client: auth::client(params),
            command: parse::positive(params, "COMMAND_ID"),
            wish: Wish::read(params.get("FIELDS").as_map().unwrap_or_default()),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        let (command, bot) = find::by_id(&mut cx.app, params.client, params.command)
            .map_err(|denied| denied.map(CommandUpdateError::from))?;
        cx.app.act_as(bot.user);
        let wish = params
            .wish
            .as_ref()
            .map_err(|error| Refused::Because(*error))?;
        change::update(&mut cx.app, &bot, command.id, &wish.changes())
            .map_err(|refused| refused.map(CommandUpdateError::from))?;
        Ok(true.into())
    }
}

impl Wish {
    fn read(fields: Members<'_>) -> Result<Self, CommandUpdateError> {
        let name = match Name::read(fields.any_case("COMMAND")) {
            Name::Valid(name) => Some(name),
            Name::Absent => None,
            Name::Empty | Name::Invalid => return Err(CommandUpdateError::WrongRequest),
        };
        let handler = fields::callback(fields.any_case("EVENT_COMMAND_ADD"))
            .map_err(|_| CommandUpdateError::HandlerWrong)?;
        let switch = |name| fields::switch(fields.any_case(name));
        let texts = command::lang_texts(fields.any_case("LANG"));
        let wish = Self {
            name,
            handler,
            hidden: switch("HIDDEN"),
            extranet_support: switch("EXTRANET_SUPPORT"),
            texts: Some(texts).filter(|texts| !texts.is_empty()),
        };
        if wish.is_empty() {
            return Err(CommandUpdateError::Empty);
        }
        Ok(wish)
    }

    const fn is_empty(&self) -> bool {
        self.name.is_none()
            && self.handler.is_none()
            && self.hidden.is_none()
            && self.extranet_support.is_none()
            && self.texts.is_none()
    }

    fn changes(&self) -> Changes<'_> {
        Changes {
            name: self.name.as_deref(),
            texts: self.texts.as_deref().map_or(Texts::Some(&[]), Texts::All),
            common: None,
            hidden: self.hidden,
            extranet_support: self.extranet_support,
            handler: self.handler.as_deref(),
        }
    }
}
