//! `im.recent.unread`: sets the unread flag of a chat, or clears it and reads the chat (rule R8).

use readmark_app::{access, recent};
use readmark_model::{DialogId, Scope};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set, params,
};

/// `im.recent.unread`.
pub struct ImRecentUnread;

params! {
    /// Parameters of `im.recent.unread`.
    pub struct FlagParams: FlagError {
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: DialogId = "DIALOG_ID", or(DialogIdEmpty);
        /// `Y` sets the flag, `N` clears it; `Y` when left out.
        optional set: bool = "ACTION", yes_no(true);
    }
}

error_set! {
    /// Errors of `im.recent.unread`.
    pub enum FlagError {
        /// `DIALOG_ID` is missing, empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
    }
}

impl Method for ImRecentUnread {
    const NAME: &'static str = "im.recent.unread";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Sets the unread flag of a chat, or clears it and reads the chat.";
    type Params = FlagParams;
    type Output = bool;
    type Error = FlagError;

    fn call(cx: &mut MethodCx<'_>, params: &FlagParams) -> Answer<Self> {
        let Some(chat) = access::resolve(&mut cx.app, params.dialog)? else {
            return Ok(false.into());
        };
        let done = if params.set {
            recent::set_flag(&mut cx.app, chat)?
        } else {
            recent::clear_flag(&mut cx.app, chat)?
        };
        Ok(done.into())
    }
}
