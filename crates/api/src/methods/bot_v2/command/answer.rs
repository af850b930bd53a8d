//! `imbot.v2.Command.answer`: a bot answers a call of its command.
//!
//! The call lets the bot write to the chat of the message, whether it is a member or not, for 24 hours and any number of times. If it
//! is not a member it writes a system message that begins with its name. What the page leaves open: `dialogId` must name the
//! message's chat, a private chat by either of its users; any reason not to send an answer is `COMMAND_ANSWER_FAILED`.

use readmark_app::{
    Refused,
    bot::access::Claim,
    command::answer::{self, AnswerRefusal},
};
use readmark_model::{DialogId, MessageId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    bot_error_set,
    content::ContentError,
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Deferred, Positive},
    },
    methods::bot_v2::{auth, message_fields::MessageFields},
    params,
};

/// `imbot.v2.Command.answer`.
pub struct ImbotV2CommandAnswer;

params! {
    /// Parameters of `imbot.v2.Command.answer`.
    pub struct AnswerParams: CommandAnswerError {
        group claim: Claim;
        /// The command.
        required command: Option<Positive> = "commandId", lenient;
        /// The message that called the command.
        required message: Option<MessageId> = "messageId", lenient;
        /// The dialog of the message: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogId> = "dialogId", lenient;
        /// The answer.
        optional fields: Deferred<MessageFields> = "fields", members;
    }
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
    type Params = AnswerParams;
    type Output = CommandAnswered;
    type Error = CommandAnswerError;

    fn call(cx: &mut MethodCx<'_>, params: &AnswerParams) -> Answer<Self> {
        const FAILED: Refused<CommandAnswerError> =
            Refused::Because(CommandAnswerError::CommandAnswerFailed);
        let bot = auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let command = params.command.ok_or(FAILED)?.0;
        let message = params.message.ok_or(FAILED)?;
        let dialog = params.dialog.ok_or(FAILED)?;
        let fields = params.fields.get::<CommandAnswerError>()?;
        if fields.is_empty() {
            return Err(FAILED);
        }
        let content = fields.message_params(bot.user).map_err(|_| FAILED)?;
        let call = answer::Call {
            command,
            message,
            dialog: Some(dialog),
        };
        answer::answer(&mut cx.app, &bot, &call, &fields.draft(&content))
            .map_err(|refused| refused.map(CommandAnswerError::from))?;
        Ok(CommandAnswered { result: true }.into())
    }
}
