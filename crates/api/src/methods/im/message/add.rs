//! `im.message.add`: sends a message (rule R4).

use readmark_app::{
    Refused, access,
    message::send::{self, Draft, SendRefusal},
};
use readmark_model::{DialogId, MessageId, MessageKind, Scope};

use crate::{
    content::{self, Change, ContentError},
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    objects::message_params::ParamChanges,
    wire::{IntField, Params},
};

/// See the module.
pub struct ImMessageAdd;

/// Parameters.
pub struct AddParams {
    dialog: DialogId,
    text: String,
    kind: MessageKind,
    reply: Option<MessageId>,
    params: ParamChanges,
}

error_set! {
    /// Errors of `im.message.add`.
    pub enum AddError {
        /// `MESSAGE` is empty or blank, and there is no `ATTACH`.
        MessageEmpty = 400 "MESSAGE_EMPTY" "Message can't be empty",
        /// `DIALOG_ID` is missing, or names neither a chat nor a user.
        UserIdEmpty = 400 "USER_ID_EMPTY" "User ID can't be empty",
        /// `DIALOG_ID` names a user whom there is not, or whom an extranet user may not see.
        UserNotFound = 400 "USER_NOT_FOUND" "User not found",
        /// `DIALOG_ID` names a chat that there is not.
        ChatId = 400 "CHAT_ID" "Error creating message",
        /// No member of the chat, or no right to post in it.
        AccessError = 400 "ACCESS_ERROR" "Action unavailable",
        /// `MESSAGE` is a list or map, or `REPLY_ID` is no whole number or negative.
        ParamsError = 400 "PARAMS_ERROR" "Incorrect params",
        /// `ATTACH` is not built as documented.
        AttachError = 400 "ATTACH_ERROR" "Incorrect attach params",
        /// `ATTACH` is longer than 60,000 characters.
        AttachOversize = 400 "ATTACH_OVERSIZE" "You have exceeded the maximum allowable size of attach",
        /// `KEYBOARD` is not built as documented, or longer than 60,000 characters.
        KeyboardError = 400 "KEYBOARD_ERROR" "Incorrect keyboard params",
        /// `MENU` is not built as documented, or longer than 60,000 characters.
        MenuError = 400 "MENU_ERROR" "Incorrect menu params",
        /// The message of `REPLY_ID` does not exist, is deleted or cannot be seen.
        ReplyAccessError = 400 "REPLY_ACCESS_ERROR" "Action unavailable",
        /// The message of `REPLY_ID` is in another chat.
        ReplyFromOtherChatError = 400 "REPLY_FROM_OTHER_CHAT_ERROR" "You can only reply to a message within the same chat",
    }
}

impl From<ContentError> for AddError {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::Attach => Self::AttachError,
            ContentError::AttachOversize => Self::AttachOversize,
            ContentError::Keyboard | ContentError::KeyboardOversize => Self::KeyboardError,
            ContentError::Menu | ContentError::MenuOversize => Self::MenuError,
        }
    }
}

impl From<SendRefusal> for AddError {
    fn from(refusal: SendRefusal) -> Self {
        match refusal {
            SendRefusal::NoChat => Self::ChatId,
            SendRefusal::NoAccess => Self::AccessError,
            SendRefusal::ReplyNotFound => Self::ReplyAccessError,
            SendRefusal::ReplyElsewhere => Self::ReplyFromOtherChatError,
        }
    }
}

impl Method for ImMessageAdd {
    const NAME: &'static str = "im.message.add";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Sends a message to a chat.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required(
            "DIALOG_ID",
            ParamType::String,
            "The dialog: `chatN`, `sgN`, or the id of a user.",
        ),
        ParamSpec::required(
            "MESSAGE",
            ParamType::String,
            "The text, up to 20,000 characters, a longer one is cut; not needed beside `ATTACH`.",
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
        ParamSpec::optional(
            "REPLY_ID",
            ParamType::Integer,
            "The message of the same chat that this one answers; 0 for none.",
        ),
    ]];
    type Params = AddParams;
    type Output = i64;
    type Error = AddError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<AddParams, AddError> {
        let dialog = dialog(params)?;
        let message = params.get("MESSAGE");
        let text = match message.as_text() {
            Some(text) => text.into_owned(),
            None if message.is_absent() => String::new(),
            None => return Err(AddError::ParamsError),
        };
        let reply = match params.get("REPLY_ID").as_int() {
            IntField::Absent | IntField::Valid(0) => None,
            IntField::Valid(id) if id > 0 => Some(MessageId(id)),
            IntField::Valid(_) | IntField::Malformed => return Err(AddError::ParamsError),
        };
        let attach = content::attach(params.get("ATTACH").raw())?;
        if !matches!(attach, Change::Set(_)) && is_blank(&text) {
            return Err(AddError::MessageEmpty);
        }
        let kind = MessageKind::sent(parse::flag(params, "SYSTEM", false));
        Ok(AddParams {
            dialog,
            text,
            kind,
            reply,
            params: ParamChanges {
                attach,
                keyboard: content::keyboard(params.get("KEYBOARD").raw(), None)?,
                menu: content::menu(params.get("MENU").raw(), None)?,
                url_preview: Some(parse::flag(params, "URL_PREVIEW", true)),
            },
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &AddParams) -> Answer<Self> {
        let Some(chat) = access::resolve(&mut cx.app, params.dialog)? else {
            return Err(Refused::Because(match params.dialog {
                DialogId::User(_) => AddError::UserNotFound,
                DialogId::Chat(_) | DialogId::Workgroup(_) => AddError::ChatId,
            }));
        };
        let draft = Draft {
            kind: params.kind,
            text: &params.text,
            params: &params.params.create(),
            reply: params.reply,
            uuid: None,
        };
        let id =
            send::send(&mut cx.app, chat, &draft).map_err(|refused| refused.map(AddError::from))?;
        Ok(id.get().into())
    }
}

/// A malformed id that begins like one of a chat is a chat that there is not.
fn dialog(params: &Params) -> Result<DialogId, AddError> {
    if let Some(dialog) = parse::dialog(params, "DIALOG_ID") {
        return Ok(dialog.id);
    }
    let text = params.get("DIALOG_ID").as_text().unwrap_or_default();
    Err(if text.starts_with("chat") || text.starts_with("sg") {
        AddError::ChatId
    } else {
        AddError::UserIdEmpty
    })
}

/// Whether nothing of a text would be seen: NUL characters are never stored.
fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|letter| letter == '\0' || letter.is_whitespace())
}
