//! `im.recent.pin`: pins a chat at the top of the recent list (rule R10).

use readmark_app::{Refused, access, recent};
use readmark_model::{DialogId, Scope};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set, params,
};

/// `im.recent.pin`.
pub struct ImRecentPin;

params! {
    /// Parameters of `im.recent.pin`.
    pub struct PinParams: PinError {
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: DialogId = "DIALOG_ID", or(DialogIdEmpty);
        /// `Y` pins, `N` unpins; `Y` when left out.
        optional pin: bool = "PIN", yes_no(true);
    }
}

error_set! {
    /// Errors of `im.recent.pin`.
    pub enum PinError {
        /// `DIALOG_ID` is missing, empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// There is no such chat, or the caller is not a member of it.
        AccessError = 400 "ACCESS_ERROR" "You don't have permission to pin this chat",
    }
}

impl Method for ImRecentPin {
    const NAME: &'static str = "im.recent.pin";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Pins a chat at the top of the recent list, or unpins it.";
    type Params = PinParams;
    type Output = bool;
    type Error = PinError;

    fn call(cx: &mut MethodCx<'_>, params: &PinParams) -> Answer<Self> {
        let chat = access::resolve(&mut cx.app, params.dialog)?
            .ok_or(Refused::Because(PinError::AccessError))?;
        if !recent::pin(&mut cx.app, chat, params.pin)? {
            return Err(Refused::Because(PinError::AccessError));
        }
        Ok(true.into())
    }
}
