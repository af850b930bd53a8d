//! `im.message.delete`: deletes a message (rule R9).

use readmark_app::message::delete::{self, CannotEdit, Deletion};
use readmark_model::{MessageId, Scope};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set, params,
};

/// `im.message.delete`.
pub struct ImMessageDelete;

params! {
    /// Parameters of `im.message.delete`.
    pub struct DeleteParams: DeleteError {
        /// The message.
        required message: MessageId = "MESSAGE_ID" | "ID", or(MessageIdError);
    }
}

error_set! {
    /// Errors of `im.message.delete`.
    pub enum DeleteError {
        /// `MESSAGE_ID` is missing or not a positive whole number.
        MessageIdError = 400 "MESSAGE_ID_ERROR" "Message ID can't be empty",
        /// There is no such message, it is deleted, a notice, or another's in a chat that the caller does not manage, cannot
        /// be seen, or the portal's edit period is over.
        CantEditMessage = 403 "CANT_EDIT_MESSAGE" "Time has expired for modification or you don't have access",
    }
}

impl Method for ImMessageDelete {
    const NAME: &'static str = "im.message.delete";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Deletes a message of the caller, or any in a chat that the caller manages.";
    type Params = DeleteParams;
    type Output = bool;
    type Error = DeleteError;

    fn call(cx: &mut MethodCx<'_>, params: &DeleteParams) -> Answer<Self> {
        delete::delete(&mut cx.app, params.message, Deletion::ByRule)
            .map_err(|refused| refused.map(|CannotEdit| DeleteError::CantEditMessage))?;
        Ok(true.into())
    }
}
