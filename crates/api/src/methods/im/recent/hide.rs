//! `im.recent.hide`: removes a chat from the recent list until something is sent (rule R10).

use readmark_app::{access, recent};
use readmark_model::{DialogId, Scope};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set, params,
};

/// `im.recent.hide`.
pub struct ImRecentHide;

params! {
    /// Parameters of `im.recent.hide`.
    pub struct HideParams: HideError {
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: DialogId = "DIALOG_ID", or(DialogIdEmpty);
    }
}

error_set! {
    /// Errors of `im.recent.hide`.
    pub enum HideError {
        /// `DIALOG_ID` is missing, empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
    }
}

impl Method for ImRecentHide {
    const NAME: &'static str = "im.recent.hide";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Removes a chat from the recent list until something is sent to it.";
    type Params = HideParams;
    type Output = bool;
    type Error = HideError;

    fn call(cx: &mut MethodCx<'_>, params: &HideParams) -> Answer<Self> {
        let Some(chat) = access::resolve(&mut cx.app, params.dialog)? else {
            return Ok(false.into());
        };
        Ok(recent::hide(&mut cx.app, chat)?.into())
    }
}
