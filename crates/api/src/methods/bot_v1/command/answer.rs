//! `imbot.command.answer`: a bot answers the call of its command, as with `imbot.v2.Command.answer`.
//!
//! The command is named by `COMMAND_ID` or, without that, by `COMMAND`. Of several commands of the application with one name the one
//! that the message called is meant.

use readmark_app::{
    Refused,
    command::{
        answer::{self, AnswerRefusal, Call},
        find,
    },
    message::send::Draft,
};
use readmark_model::{
    MessageId, MessageKind, Scope, SecretHash, bot::Bot, command::Command, text::without_nul,
};
use serde_json::Value;

use crate::{
    command_v1_error_set,
    content::{self, Change, ContentError},
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    methods::{bot_v1::auth, shared::command::Name},
    objects::message_params::ParamChanges,
    wire::Params,
};

/// See the module.
pub struct ImbotCommandAnswer;

/// Parameters.
pub struct AnswerParams {
    client: Option<SecretHash>,
    command: Named,
    message: Option<MessageId>,
    kind: MessageKind,
    text: String,
    url_preview: bool,
    attach: Option<Value>,
    keyboard: Option<Value>,
    menu: Option<Value>,
}

/// How the command is named.
enum Named {
    /// By its id, `None` when that is no positive whole number.
    Id(Option<i64>),
    /// By its name.
    Name(Name),
}

command_v1_error_set! {
    /// Errors of `imbot.command.answer`.
    pub enum CommandAnswerError: "Command was installed by another rest application" {
        /// `MESSAGE_ID` is missing or no positive whole number.
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
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "COMMAND_ID",
            ParamType::Integer,
            "The command, unless `COMMAND` is given.",
        ),
        ParamSpec::optional(
            "COMMAND",
            ParamType::String,
            "Its name, unless `COMMAND_ID` is given.",
        ),
        ParamSpec::required(
            "MESSAGE_ID",
            ParamType::Integer,
            "The message that called the command.",
        ),
        ParamSpec::optional(
            "MESSAGE",
            ParamType::String,
            "The text; not needed beside `ATTACH`.",
        ),
        ParamSpec::optional(
            "ATTACH",
            ParamType::Object,
            "Attachment; also as text that holds JSON.",
        ),
        ParamSpec::optional(
            "KEYBOARD",
            ParamType::Object,
            "Buttons below the message; also as text that holds JSON.",
        ),
        ParamSpec::optional(
            "MENU",
            ParamType::Object,
            "Items of the context menu; also as text that holds JSON.",
        ),
        ParamSpec::optional(
            "SYSTEM",
            ParamType::Boolean,
            "`Y` sends a system message, which shows no author.",
        ),
        ParamSpec::optional(
            "URL_PREVIEW",
            ParamType::Boolean,
            "`N` shows links as they are.",
        ),
        auth::CLIENT_ID,
    ]];
    type Params = AnswerParams;
    type Output = i64;
    type Error = CommandAnswerError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<AnswerParams, CommandAnswerError> {
        let given = |name| params.get(name).raw().cloned();
        Ok(AnswerParams {
            client: auth::client(params),
            command: if params.get("COMMAND_ID").is_absent() {
                Named::Name(Name::read(params.get("COMMAND")))
            } else {
                Named::Id(parse::positive(params, "COMMAND_ID"))
            },
            message: parse::message(params, "MESSAGE_ID"),
            kind: MessageKind::sent(parse::flag(params, "SYSTEM", false)),
            text: params
                .get("MESSAGE")
                .as_text()
                .unwrap_or_default()
                .into_owned(),
            url_preview: parse::flag(params, "URL_PREVIEW", true),
            attach: given("ATTACH"),
            keyboard: given("KEYBOARD"),
            menu: given("MENU"),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &AnswerParams) -> Answer<Self> {
        let because = Refused::Because;
        let (command, bot) = params.find(cx)?;
        cx.app.act_as(bot.user);
        let message = params
            .message
            .ok_or(because(CommandAnswerError::MessageIdEmpty))?;
        // Only now the bot is known whose commands the buttons call.
        let content = params.content(&bot).map_err(because)?;
        let call = Call {
            command: command.id,
            message,
            dialog: None,
        };
        let draft = Draft {
            kind: params.kind,
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
        let found = match &self.command {
            Named::Name(Name::Valid(name)) => {
                let message = self.message.unwrap_or_default();
                find::by_name(&mut cx.app, self.client, name, message)
            }
            Named::Name(_) => find::by_id(&mut cx.app, self.client, None),
            Named::Id(id) => find::by_id(&mut cx.app, self.client, *id),
        };
        found.map_err(|denied| denied.map(CommandAnswerError::from))
    }

    /// The message's parameters as they are stored.
    fn content(&self, bot: &Bot) -> Result<String, CommandAnswerError> {
        let attach = content::attach(self.attach.as_ref())?;
        if without_nul(&self.text).trim().is_empty() && !matches!(attach, Change::Set(_)) {
            return Err(CommandAnswerError::MessageEmpty);
        }
        let changes = ParamChanges {
            attach,
            keyboard: content::keyboard(self.keyboard.as_ref(), Some(bot.user))?,
            menu: content::menu(self.menu.as_ref(), Some(bot.user))?,
            url_preview: Some(self.url_preview),
        };
        Ok(changes.create())
    }
}
