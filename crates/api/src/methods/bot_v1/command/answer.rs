//! `imbot.command.answer`: a bot answers a call of its command, as with `imbot.v2.Command.answer`.
//!
//! The command is given by `COMMAND_ID` or else by `COMMAND`. If the application has several commands of that name, it is the one
//! that the message called.

use readmark_app::{
    Refused,
    command::{
        answer::{self, AnswerRefusal, Call},
        find,
    },
    message::send::Draft,
};
use readmark_model::{
    MessageId, MessageKind, MessageParams, Scope, bot::Bot, command::Command, text::without_nul,
};

use crate::{
    command_v1_error_set,
    content::{Change, ContentError},
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Given, Positive},
    },
    methods::{
        bot_v1::auth::Client,
        shared::{command::Name, content::ContentParams},
    },
    params,
};

/// `imbot.command.answer`.
pub struct ImbotCommandAnswer;

params! {
    /// Parameters of `imbot.command.answer`.
    pub struct AnswerParams: CommandAnswerError {
        /// The command, unless `COMMAND` is given.
        optional id: Given<Positive> = "COMMAND_ID", given;
        /// Its name, unless `COMMAND_ID` is given.
        optional name: Name = "COMMAND", default(Name::Absent), lenient;
        /// The message that called the command.
        required message: Option<MessageId> = "MESSAGE_ID", lenient;
        /// The text; not needed beside `ATTACH`.
        optional text: String = "MESSAGE", default(String::new());
        group content: ContentParams;
        /// `Y` sends a system message, which shows no author.
        optional system: bool = "SYSTEM", default(false);
        /// `N` shows links as they are.
        optional url_preview: bool = "URL_PREVIEW", default(true);
        group client: Client;
    }
}

command_v1_error_set! {
    /// Errors of `imbot.command.answer`.
    pub enum CommandAnswerError: "Command was installed by another rest application" {
        /// `MESSAGE_ID` is missing or not a positive whole number.
        MessageIdEmpty = 400 "MESSAGE_ID_EMPTY" "Message ID can't be empty",
        /// There is neither text nor attachment.
        MessageEmpty = 400 "MESSAGE_EMPTY" "Message can't be empty",
        /// `ATTACH` is not built as documented.
        AttachError = 400 "ATTACH_ERROR" "Incorrect attach params",
        /// `ATTACH` is longer than 60,000 characters.
        AttachOversize = 400 "ATTACH_OVERSIZE" "You have exceeded the maximum allowable size of attach",
        /// `KEYBOARD` is not built as documented.
        KeyboardError = 400 "KEYBOARD_ERROR" "Incorrect keyboard params",
        /// `KEYBOARD` is longer than 60,000 characters.
        KeyboardOversize = 400 "KEYBOARD_OVERSIZE" "You have exceeded the maximum allowable size of keyboard",
        /// `MENU` is not built as documented, or longer than 60,000 characters.
        MenuError = 400 "MENU_ERROR" "Incorrect menu params",
        /// The message did not call the command within the last 24 hours.
        WrongRequest = 400 "WRONG_REQUEST" "Message isn't added",
    }
}

impl From<ContentError> for CommandAnswerError {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::Attach => Self::AttachError,
            ContentError::AttachOversize => Self::AttachOversize,
            ContentError::Keyboard => Self::KeyboardError,
            ContentError::KeyboardOversize => Self::KeyboardOversize,
            ContentError::Menu | ContentError::MenuOversize => Self::MenuError,
        }
    }
}

impl From<AnswerRefusal> for CommandAnswerError {
    fn from(refusal: AnswerRefusal) -> Self {
        match refusal {
            AnswerRefusal::NoCall | AnswerRefusal::OtherDialog => Self::WrongRequest,
        }
    }
}

impl Method for ImbotCommandAnswer {
    const NAME: &'static str = "imbot.command.answer";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Answers the call of a bot's slash command.";
    type Params = AnswerParams;
    type Output = i64;
    type Error = CommandAnswerError;

    fn call(cx: &mut MethodCx<'_>, params: &AnswerParams) -> Answer<Self> {
        let because = Refused::Because;
        let (command, bot) = params.find(cx)?;
        cx.app.act_as(bot.user);
        let message = params
            .message
            .ok_or(because(CommandAnswerError::MessageIdEmpty))?;
        let content = params.content(&bot).map_err(because)?;
        let call = Call {
            command: command.id,
            message,
            dialog: None,
        };
        let draft = Draft {
            kind: MessageKind::sent(params.system),
            text: &params.text,
            params: &content,
            reply: None,
            uuid: None,
        };
        let id = answer::answer(&mut cx.app, &bot, &call, &draft)
            .map_err(|refused| refused.map(CommandAnswerError::from))?;
        Ok(id.get().into())
    }
}

impl AnswerParams {
    fn find(&self, cx: &mut MethodCx<'_>) -> Result<(Command, Bot), Refused<CommandAnswerError>> {
        let client = self.client.hash;
        let found = match (self.id, &self.name) {
            (Given::Absent, Name::Valid(name)) => {
                let message = self.message.unwrap_or_default();
                find::by_name(&mut cx.app, client, name, message)
            }
            (id, _) => find::by_id(&mut cx.app, client, id.valid().map(|id| id.0)),
        };
        found.map_err(|denied| denied.map(CommandAnswerError::from))
    }

    /// The parameters of the message.
    fn content(&self, bot: &Bot) -> Result<MessageParams, CommandAnswerError> {
        let attach = self.content.attach()?;
        if without_nul(&self.text).trim().is_empty() && !matches!(attach, Change::Set(_)) {
            return Err(CommandAnswerError::MessageEmpty);
        }
        let changes = self
            .content
            .changes(Some(bot.user), Some(self.url_preview))?;
        Ok(changes.into())
    }
}
