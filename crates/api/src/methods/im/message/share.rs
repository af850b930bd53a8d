//! `im.message.share`: creates a chat about a message. Tasks, posts and calendar events belong to modules that do not exist here.

use readmark_app::chat::share::{self, ShareRefusal};
use readmark_model::{DialogId, MessageId, Scope};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{ParamType, ReadCx},
    },
    error_set, params,
    wire::Field,
};

/// `im.message.share`.
pub struct ImMessageShare;

params! {
    /// Parameters of `im.message.share`.
    pub struct ShareParams: ShareError {
        /// The message.
        required message: MessageId = "MESSAGE_ID", or(MessageIdError);
        /// The dialog that it is in: `chatN`, `sgN`, or the id of a user.
        required dialog: DialogId = "DIALOG_ID", or(DialogIdEmpty);
        /// `CHAT`; `TASK`, `POST` and `CALEND` are refused, as there are no such things here.
        required _what: AsChat = "TYPE", by(as_chat), kind(ParamType::String);
    }
}

/// Only chats can be created from a message here.
pub struct AsChat;

error_set! {
    /// Errors of `im.message.share`.
    pub enum ShareError {
        /// `MESSAGE_ID` is missing or not a positive whole number, or names no message that the caller sees in the dialog.
        MessageIdError = 400 "MESSAGE_ID_ERROR" "Message ID can't be empty",
        /// `DIALOG_ID` is missing, empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// There is no such dialog, or the caller is not a member of it.
        AccessError = 403 "ACCESS_ERROR" "You do not have access to the specified dialog",
        /// `TYPE` is not `CHAT`, or the dialog has more than 1,000 members.
        ParamsError = 400 "PARAMS_ERROR" "Incorrect params",
    }
}

impl From<ShareRefusal> for ShareError {
    fn from(refusal: ShareRefusal) -> Self {
        match refusal {
            ShareRefusal::NoAccess => Self::AccessError,
            ShareRefusal::NotFound => Self::MessageIdError,
            ShareRefusal::TooLarge => Self::ParamsError,
        }
    }
}

impl Method for ImMessageShare {
    const NAME: &'static str = "im.message.share";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Creates a group chat about a message, with all members of its dialog.";
    type Params = ShareParams;
    type Output = bool;
    type Error = ShareError;

    fn call(cx: &mut MethodCx<'_>, params: &ShareParams) -> Answer<Self> {
        share::as_chat(&mut cx.app, params.dialog, params.message)
            .map_err(|refused| refused.map(ShareError::from))?;
        Ok(true.into())
    }
}

fn as_chat(field: Field<'_>, _: &ReadCx<'_>) -> Result<AsChat, ShareError> {
    let kind = field.as_text().unwrap_or_default();
    if kind.eq_ignore_ascii_case("CHAT") {
        Ok(AsChat)
    } else {
        Err(ShareError::ParamsError)
    }
}
