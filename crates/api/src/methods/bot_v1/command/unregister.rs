//! `imbot.command.unregister`: takes a slash command away. Calls of it can be answered no more.

use readmark_app::command::{
    change::{self, ChangeRefusal},
    find,
};
use readmark_model::{Scope, SecretHash};

use crate::{
    command_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec},
        parse,
    },
    methods::{bot_v1::auth, shared::command},
    wire::Params,
};

/// See the module.
pub struct ImbotCommandUnregister;

/// Parameters.
pub struct UnregisterParams {
    client: Option<SecretHash>,
    command: Option<i64>,
}

command_v1_error_set! {
    /// Errors of `imbot.command.unregister`.
    pub enum CommandUnregisterError: "Command was installed by another REST application" {
        /// The caller comes from outside.
        WrongRequest = 400 "WRONG_REQUEST" "Command can't be deleted",
    }
}

impl From<ChangeRefusal> for CommandUnregisterError {
    fn from(refusal: ChangeRefusal) -> Self {
        match refusal {
            ChangeRefusal::NotFound => Self::CommandIdError,
            ChangeRefusal::Outsider | ChangeRefusal::NameTaken => Self::WrongRequest,
        }
    }
}

impl Method for ImbotCommandUnregister {
    const NAME: &'static str = "imbot.command.unregister";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Takes a slash command of a bot away.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[command::V1_COMMAND_ID, auth::CLIENT_ID]];
    type Params = UnregisterParams;
    type Output = bool;
    type Error = CommandUnregisterError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<UnregisterParams, CommandUnregisterError> {
        Ok(UnregisterParams {
            client: auth::client(params),
            command: parse::positive(params, "COMMAND_ID"),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &UnregisterParams) -> Answer<Self> {
        let (command, bot) = find::by_id(&mut cx.app, params.client, params.command)
            .map_err(|denied| denied.map(CommandUnregisterError::from))?;
        cx.app.act_as(bot.user);
        change::unregister(&mut cx.app, &bot, command.id)
            .map_err(|refused| refused.map(CommandUnregisterError::from))?;
        Ok(true.into())
    }
}
