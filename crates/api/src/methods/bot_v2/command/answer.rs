//! `imbot.v2.Command.answer`: a bot answers the call of its command.
//!
//! The call lets the bot write to the chat of the message, whether it is in the chat or not, for 24 hours and as often as it likes.
//! Where it is no member it writes a system message that begins with its name. What the page leaves open: `dialogId` must name the
//! message's chat, a private chat by either of its users; everything that keeps an answer from being sent is
//! `COMMAND_ANSWER_FAILED`.

use readmark_app::{
    Refused,
    bot::access::Claim,
    command::answer::{self, AnswerRefusal},
};
use readmark_model::{MessageId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    bot_error_set,
    content::ContentError,
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse::{self, DialogParam},
    },
    methods::{
        bot_v2::{auth, message_fields::BotMessage},
        shared::command,
    },
    wire::{Members, Params},
};

/// See the module.
pub struct ImbotV2CommandAnswer;

/// Parameters.
pub struct AnswerParams {
    claim: Claim,
    command: Option<i64>,
    message: Option<MessageId>,
    dialog: Option<DialogParam>,
    content: Result<BotMessage, CommandAnswerError>,
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CommandAnswered {
    /// `true`.
    pub result: bool,
}

bot_error_set! {
    /// Errors of `imbot.v2.Command.answer`.
    pub enum CommandAnswerError {
        /// The message did not call this command of the bot within the last 24 hours, `dialogId` does not name its chat, there is
        /// neither text nor attachment, or attachment or keyboard are not given as documented.
        CommandAnswerFailed = 400 "COMMAND_ANSWER_FAILED" "Command answer failed",
    }
}

impl From<ContentError> for CommandAnswerError {
    fn from(_: ContentError) -> Self {
        Self::CommandAnswerFailed
    }
}

impl From<AnswerRefusal> for CommandAnswerError {
    fn from(refusal: AnswerRefusal) -> Self {
        match refusal {
            AnswerRefusal::NoCall | AnswerRefusal::OtherDialog => Self::CommandAnswerFailed,
        }
    }
}

impl Method for ImbotV2CommandAnswer {
    const NAME: &'static str = "imbot.v2.Command.answer";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Answers the call of a bot's slash command.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        auth::BOT_TOKEN,
        command::COMMAND_ID,
        ParamSpec::required(
            "messageId",
            ParamType::Integer,
            "The message that called the command.",
        ),
        ParamSpec::required(
            "dialogId",
            ParamType::String,
            "The dialog of the message: `chatN`, `sgN`, or the id of a user.",
        ),
        ParamSpec::optional(
            "fields",
            ParamType::Object,
            "The answer: `message`, `attach`, `keyboard`, `system`, `urlPreview`.",
        ),
    ]];
    type Params = AnswerParams;
    type Output = CommandAnswered;
    type Error = CommandAnswerError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<AnswerParams, CommandAnswerError> {
        let claim = auth::claim(params);
        let fields = params.get("fields").as_map().unwrap_or_default();
        Ok(AnswerParams {
            claim,
            command: parse::positive(params, "commandId"),
            message: parse::message(params, "messageId"),
            dialog: parse::dialog(params, "dialogId"),
            content: content(fields, &claim),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &AnswerParams) -> Answer<Self> {
        const FAILED: Refused<CommandAnswerError> =
            Refused::Because(CommandAnswerError::CommandAnswerFailed);
        let bot = auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let command = params.command.ok_or(FAILED)?;
        let message = params.message.ok_or(FAILED)?;
        let dialog = params.dialog.as_ref().ok_or(FAILED)?.id;
        let content = params
            .content
            .as_ref()
            .map_err(|error| Refused::Because(*error))?;
        let call = answer::Call {
            command,
            message,
            dialog: Some(dialog),
        };
        answer::answer(&mut cx.app, &bot, &call, &content.draft())
            .map_err(|refused| refused.map(CommandAnswerError::from))?;
        Ok(CommandAnswered { result: true }.into())
    }
}

fn content(fields: Members<'_>, claim: &Claim) -> Result<BotMessage, CommandAnswerError> {
    let message = BotMessage::read(fields, claim.bot)?;
    message.ok_or(CommandAnswerError::CommandAnswerFailed)
}
