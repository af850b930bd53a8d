//! `im.dialog.unread`: marks a chat as unread from a message on (rule R3).

use readmark_app::{access, dialog::unread};
use readmark_model::{DialogId, MessageId, Scope};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set, params,
};

/// `im.dialog.unread`.
pub struct ImDialogUnread;

params! {
    /// Parameters of `im.dialog.unread`.
    pub struct UnreadParams: UnreadError {
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: DialogId = "DIALOG_ID", or(DialogIdEmpty);
        /// The first message to be unread.
        required message: MessageId = "MESSAGE_ID", or(MessageIdError);
    }
}

error_set! {
    /// Errors of `im.dialog.unread`.
    pub enum UnreadError {
        /// `DIALOG_ID` is missing, empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// `MESSAGE_ID` is missing or not a positive whole number.
        MessageIdError = 400 "MESSAGE_ID_ERROR" "Message ID can't be empty",
    }
}

impl Method for ImDialogUnread {
    const NAME: &'static str = "im.dialog.unread";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Marks the messages of a chat as unread, from a message on.";
    type Params = UnreadParams;
    type Output = bool;
    type Error = UnreadError;

    fn call(cx: &mut MethodCx<'_>, params: &UnreadParams) -> Answer<Self> {
        let Some(chat) = access::resolve(&mut cx.app, params.dialog)? else {
            return Ok(false.into());
        };
        Ok(unread::unread(&mut cx.app, chat, params.message)?.into())
    }
}
