//! `imbot.command.unregister`: unregisters a slash command. Calls of it can no longer be answered.

use readmark_app::command::{
    change::{self, ChangeRefusal},
    find,
};
use readmark_model::Scope;

use crate::{
    command_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::Positive,
    },
    methods::bot_v1::auth::Client,
    params,
};

/// `imbot.command.unregister`.
pub struct ImbotCommandUnregister;

params! {
    /// Parameters of `imbot.command.unregister`.
    pub struct UnregisterParams: CommandUnregisterError {
        /// The command.
        required command: Option<Positive> = "COMMAND_ID", lenient;
        group client: Client;
    }
}

command_v1_error_set! {
    /// Errors of `imbot.command.unregister`.
    pub enum CommandUnregisterError: "Command was installed by another REST application" {
        /// The caller is an extranet user.
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
    const SUMMARY: &'static str = "Unregisters a slash command of a bot.";
    type Params = UnregisterParams;
    type Output = bool;
    type Error = CommandUnregisterError;

    fn call(cx: &mut MethodCx<'_>, params: &UnregisterParams) -> Answer<Self> {
        let command = params.command.map(|command| command.0);
        let (command, bot) = find::by_id(&mut cx.app, params.client.hash, command)
            .map_err(|denied| denied.map(CommandUnregisterError::from))?;
        cx.app.act_as(bot.user);
        change::unregister(&mut cx.app, &bot, command.id)
            .map_err(|refused| refused.map(CommandUnregisterError::from))?;
        Ok(true.into())
    }
}
