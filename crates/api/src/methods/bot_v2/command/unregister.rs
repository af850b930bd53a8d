//! `imbot.v2.Command.unregister`: unregisters a slash command. Calls of it can no longer be answered.

use readmark_app::{
    Refused,
    bot::access::Claim,
    command::change::{self, ChangeRefusal},
};
use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    bot_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::Positive,
    },
    methods::bot_v2::auth,
    params,
};

/// `imbot.v2.Command.unregister`.
pub struct ImbotV2CommandUnregister;

params! {
    /// Parameters of `imbot.v2.Command.unregister`.
    pub struct UnregisterParams: CommandUnregisterError {
        group claim: Claim;
        /// The command.
        required command: Option<Positive> = "commandId", lenient;
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CommandGone {
    /// `true`.
    pub result: bool,
}

bot_error_set! {
    /// Errors of `imbot.v2.Command.unregister`.
    pub enum CommandUnregisterError {
        /// The bot has no such command, or the caller is an extranet user.
        CommandNotFound = 400 "COMMAND_NOT_FOUND" "Command not found",
    }
}

impl From<ChangeRefusal> for CommandUnregisterError {
    fn from(refusal: ChangeRefusal) -> Self {
        match refusal {
            ChangeRefusal::NotFound | ChangeRefusal::Outsider | ChangeRefusal::NameTaken => {
                Self::CommandNotFound
            }
        }
    }
}

impl Method for ImbotV2CommandUnregister {
    const NAME: &'static str = "imbot.v2.Command.unregister";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Unregisters a slash command of a bot.";
    type Params = UnregisterParams;
    type Output = CommandGone;
    type Error = CommandUnregisterError;

    fn call(cx: &mut MethodCx<'_>, params: &UnregisterParams) -> Answer<Self> {
        let bot = auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let id = params
            .command
            .ok_or(Refused::Because(CommandUnregisterError::CommandNotFound))?
            .0;
        change::unregister(&mut cx.app, &bot, id)
            .map_err(|refused| refused.map(CommandUnregisterError::from))?;
        Ok(CommandGone { result: true }.into())
    }
}
