//! `im.dialog.writing`: notifies the members of a chat that the caller is typing.

use readmark_app::message::typing::{self, NoAccess};
use readmark_model::{DialogId, InputAction, Scope};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set, params,
};

/// `im.dialog.writing`.
pub struct ImDialogWriting;

params! {
    /// Parameters of `im.dialog.writing`.
    pub struct WritingParams: WritingError {
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: DialogId = "DIALOG_ID", or(DialogIdEmpty);
    }
}

error_set! {
    /// Errors of `im.dialog.writing`.
    pub enum WritingError {
        /// `DIALOG_ID` is missing, empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// There is no such chat, or the caller is not a member of it.
        AccessError = 403 "ACCESS_ERROR" "Action unavailable",
    }
}

impl Method for ImDialogWriting {
    const NAME: &'static str = "im.dialog.writing";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    // Nothing is stored: the event is published when the snapshot is closed.
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Notifies the members of a chat that the caller is typing.";
    type Params = WritingParams;
    type Output = bool;
    type Error = WritingError;

    fn call(cx: &mut MethodCx<'_>, params: &WritingParams) -> Answer<Self> {
        typing::start(&mut cx.app, params.dialog, InputAction::default())
            .map_err(|refused| refused.map(|NoAccess| WritingError::AccessError))?;
        Ok(true.into())
    }
}
