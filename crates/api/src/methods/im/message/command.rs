//! `im.message.command`: calls a bot's command in the context of a message, as its buttons and menu do.
//!
//! Where the page is silent: a user who could call the command by writing it may call it here, and so may a member of a message's
//! chat if a button or menu item of the message has this command with these parameters, even if the bot is not in the chat. The
//! context sent to the bot is that of the button or item, by default `keyboard`. A message that cannot be seen, or is in a chat that
//! the caller is not a member of, is answered as unknown.

use readmark_app::command::call::{self, Press, PressRefusal};
use readmark_model::{MessageId, Scope, UserId};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{ParamType, ReadCx},
    },
    error_set,
    methods::shared::command::Name,
    params,
    wire::Field,
};

/// `im.message.command`.
pub struct ImMessageCommand;

params! {
    /// Parameters of `im.message.command`.
    pub struct CommandParams: CommandError {
        /// The message.
        required message: MessageId = "MESSAGE_ID", or(MessageIdError);
        /// The bot.
        required bot: UserId = "BOT_ID", or(BotIdError);
        /// The command, with or without a slash.
        required name: String = "COMMAND", by(name), kind(ParamType::String);
        /// The command's parameters.
        optional params: String = "COMMAND_PARAMS", by(command_params), kind(ParamType::String);
    }
}

error_set! {
    /// Errors of `im.message.command`.
    pub enum CommandError {
        /// `MESSAGE_ID` is missing or not a positive whole number, there is no such message, or the caller is not a member of its chat or
        /// cannot see it.
        MessageIdError = 400 "MESSAGE_ID_ERROR" "Message ID can't be empty",
        /// `BOT_ID` is missing or not a positive whole number, or there is no such bot.
        BotIdError = 400 "BOT_ID_ERROR" "Bot ID can't be empty",
        /// `COMMAND` is missing or blank.
        CommandError = 400 "COMMAND_ERROR" "Command can't be empty",
        /// The bot has no such command, it cannot be called here, or `COMMAND_PARAMS` is a list or map.
        ParamsError = 400 "PARAMS_ERROR" "Incorrect params",
    }
}

impl From<PressRefusal> for CommandError {
    fn from(refusal: PressRefusal) -> Self {
        match refusal {
            PressRefusal::NoMessage => Self::MessageIdError,
            PressRefusal::NoBot => Self::BotIdError,
            PressRefusal::NoCommand => Self::ParamsError,
        }
    }
}

impl Method for ImMessageCommand {
    const NAME: &'static str = "im.message.command";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Calls a bot's command in the context of a message.";
    type Params = CommandParams;
    type Output = bool;
    type Error = CommandError;

    fn call(cx: &mut MethodCx<'_>, params: &CommandParams) -> Answer<Self> {
        let press = Press {
            message: params.message,
            bot: params.bot,
            name: &params.name,
            params: &params.params,
        };
        call::press(&mut cx.app, &press).map_err(|refused| refused.map(CommandError::from))?;
        Ok(true.into())
    }
}

fn name(field: Field<'_>, _: &ReadCx<'_>) -> Result<String, CommandError> {
    match Name::read(field) {
        Name::Valid(name) => Ok(name),
        Name::Invalid => Err(CommandError::ParamsError),
        Name::Absent | Name::Empty => Err(CommandError::CommandError),
    }
}

fn command_params(field: Field<'_>, _: &ReadCx<'_>) -> Result<String, CommandError> {
    match field.as_text() {
        Some(text) => Ok(text.trim().to_owned()),
        None if field.is_absent() => Ok(String::new()),
        None => Err(CommandError::ParamsError),
    }
}
