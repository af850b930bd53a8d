//! `im.message.add`: sends a message (rule R4).

use readmark_app::{
    Refused, access,
    message::send::{self, Draft, SendRefusal},
};
use readmark_model::{DialogId, MessageId, MessageKind, ParamChanges, Scope};

use crate::{
    content::{Buttons, Change, ContentError},
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{ParamType, ReadCx},
    },
    error_set,
    methods::{
        im::other_names::{NoRecipient, Recipient},
        shared::read_content,
    },
    params,
    wire::{Field, IntField},
};

/// `im.message.add`.
pub struct ImMessageAdd;

params! {
    /// Parameters of `im.message.add`.
    pub struct AddParams: AddError {
        group recipient: Recipient;
        /// The message of the same chat that this one answers; 0 for none.
        optional reply: Option<MessageId> = "REPLY_ID", by(reply), kind(ParamType::Integer);
        group body: BodyParams;
        /// Buttons below the message; also as text that holds JSON.
        optional keyboard: Buttons = "KEYBOARD", by(read_content::keyboard), kind(ParamType::Object);
        /// Items of the context menu; also as text that holds JSON.
        optional menu: Buttons = "MENU", by(read_content::menu), kind(ParamType::Object);
        /// `Y` sends a system message, which shows no author.
        optional system: bool = "SYSTEM", default(false);
        /// `N` shows links as they are.
        optional url_preview: bool = "URL_PREVIEW", default(true);
    }
}

params! {
    /// What is seen of a message: text, attachment, or both.
    pub struct BodyParams: AddError {
        /// The text, up to 20,000 characters, a longer one is cut; not needed beside `ATTACH`.
        required text: String = "MESSAGE", by(text), kind(ParamType::String);
        /// Attachment; also as text that holds JSON.
        optional attach: Change = "ATTACH", by(read_content::attach), kind(ParamType::Object);
    }
    check not_blank;
}

error_set! {
    /// Errors of `im.message.add`.
    pub enum AddError {
        /// `MESSAGE` is empty or blank, and there is no `ATTACH`.
        MessageEmpty = 400 "MESSAGE_EMPTY" "Message can't be empty",
        /// `DIALOG_ID` is missing, or names neither a chat nor a user.
        UserIdEmpty = 400 "USER_ID_EMPTY" "User ID can't be empty",
        /// `DIALOG_ID` names a user who does not exist, or whom an extranet user may not see.
        UserNotFound = 400 "USER_NOT_FOUND" "User not found",
        /// `DIALOG_ID` names a chat that does not exist.
        ChatId = 400 "CHAT_ID" "Error creating message",
        /// No member of the chat, or no right to post in it.
        AccessError = 400 "ACCESS_ERROR" "Action unavailable",
        /// `MESSAGE` is a list or map, or `REPLY_ID` is negative or not a whole number.
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

impl From<NoRecipient> for AddError {
    fn from(none: NoRecipient) -> Self {
        match none {
            NoRecipient::Missing => Self::UserIdEmpty,
            NoRecipient::Chat => Self::ChatId,
        }
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
    type Params = AddParams;
    type Output = i64;
    type Error = AddError;

    fn call(cx: &mut MethodCx<'_>, params: &AddParams) -> Answer<Self> {
        let Some(chat) = access::resolve(&mut cx.app, params.recipient.0)? else {
            return Err(Refused::Because(match params.recipient.0 {
                DialogId::User(_) => AddError::UserNotFound,
                DialogId::Chat(_) | DialogId::Workgroup(_) => AddError::ChatId,
            }));
        };
        let changes = ParamChanges {
            attach: params.body.attach.clone(),
            keyboard: params.keyboard.sent_by_user(),
            menu: params.menu.sent_by_user(),
            url_preview: Some(params.url_preview),
        };
        let draft = Draft {
            kind: MessageKind::sent(params.system),
            text: &params.body.text,
            params: &changes.into(),
            reply: params.reply,
            uuid: None,
        };
        let id =
            send::send(&mut cx.app, chat, &draft).map_err(|refused| refused.map(AddError::from))?;
        Ok(id.get().into())
    }
}

fn reply(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<MessageId>, AddError> {
    match field.as_int() {
        IntField::Absent | IntField::Valid(0) => Ok(None),
        IntField::Valid(id) if id > 0 => Ok(Some(MessageId(id))),
        IntField::Valid(_) | IntField::Malformed => Err(AddError::ParamsError),
    }
}

fn text(field: Field<'_>, _: &ReadCx<'_>) -> Result<String, AddError> {
    match field.as_text() {
        Some(text) => Ok(text.into_owned()),
        None if field.is_absent() => Ok(String::new()),
        None => Err(AddError::ParamsError),
    }
}

fn not_blank(body: BodyParams) -> Result<BodyParams, AddError> {
    if !matches!(body.attach, Change::Set(_)) && is_blank(&body.text) {
        return Err(AddError::MessageEmpty);
    }
    Ok(body)
}

/// Whether a text has nothing visible: NUL characters are never stored.
fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|letter| letter == '\0' || letter.is_whitespace())
}
