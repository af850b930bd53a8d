//! `im.dialog.read`: marks a chat as read, up to a message or whole (rule R1).

use readmark_app::{
    access,
    dialog::read::{self, Viewing},
    notify,
};
use readmark_model::{MessageId, NotificationId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{DialogParam, Given, ParamType, ParamValue, ReadCx},
    },
    error_set, params,
    wire::Field,
};

/// `im.dialog.read`.
pub struct ImDialogRead;

params! {
    /// Parameters of `im.dialog.read`.
    pub struct ReadParams: ReadError {
        /// The dialog: `chatN`, `sgN`, or the id of a user; `notify` for all notifications.
        required dialog: ReadDialog = "DIALOG_ID", or(DialogIdEmpty);
        /// The last message to be read; all when left out.
        optional message: Option<MessageId> = "MESSAGE_ID" | "LAST_ID", or(MessageIdError);
    }
}

/// What is read.
pub enum ReadDialog {
    /// A chat.
    Chat(DialogParam),
    /// All notifications of the caller.
    Notifications,
}

impl ParamValue for ReadDialog {
    const TYPE: ParamType = ParamType::String;

    fn read(field: Field<'_>, cx: &ReadCx<'_>) -> Given<Self> {
        if field.as_text().is_some_and(|text| text == "notify") {
            return Given::Valid(Self::Notifications);
        }
        DialogParam::read(field, cx).map(Self::Chat)
    }
}

/// `result`: the state after the read, `false` without access to the chat, or `true` for notifications.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum ReadOutput {
    /// The state after the read.
    State(ReadState),
    /// `true` for notifications; `false` for no such chat, or no member of it.
    Done(bool),
}

/// The state of a chat after a read.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadState {
    /// The dialog id, as given.
    pub dialog_id: String,
    /// The chat's id.
    pub chat_id: i64,
    /// The last read message, 0 for none.
    pub last_id: i64,
    /// Unread messages that are left.
    pub counter: i64,
}

error_set! {
    /// Errors of `im.dialog.read`.
    pub enum ReadError {
        /// `DIALOG_ID` is missing, empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// `MESSAGE_ID` is given and not a positive whole number; answered by an earlier revision of the API, too.
        MessageIdError = 400 "MESSAGE_ID_ERROR" "Message ID can't be empty",
    }
}

impl Method for ImDialogRead {
    const NAME: &'static str = "im.dialog.read";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::WriteIfNeeded;
    const SUMMARY: &'static str = "Marks the messages of a chat as read, up to a message or all.";
    type Params = ReadParams;
    type Output = ReadOutput;
    type Error = ReadError;

    fn call(cx: &mut MethodCx<'_>, params: &ReadParams) -> Answer<Self> {
        let dialog = match &params.dialog {
            ReadDialog::Chat(dialog) => dialog,
            ReadDialog::Notifications => {
                notify::read::mark_from(&mut cx.app, NotificationId(0), true)?;
                return Ok(ReadOutput::Done(true).into());
            }
        };
        let Some(chat) = access::resolve(&mut cx.app, dialog.id)? else {
            return Ok(ReadOutput::Done(false).into());
        };
        let Some(done) = read::read(&mut cx.app, chat, params.message, Viewing::Recorded)? else {
            return Ok(ReadOutput::Done(false).into());
        };
        Ok(ReadOutput::State(ReadState {
            dialog_id: dialog.text.clone(),
            chat_id: done.chat.get(),
            last_id: done.last_id.get(),
            counter: done.counter,
        })
        .into())
    }
}
