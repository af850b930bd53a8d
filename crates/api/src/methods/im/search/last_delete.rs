//! `im.search.last.delete`: removes a dialog from the caller's recent picks.

use readmark_app::find::picks;
use readmark_model::{DialogId, Scope};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set, params,
};

/// `im.search.last.delete`.
pub struct ImSearchLastDelete;

params! {
    /// Parameters of `im.search.last.delete`.
    pub struct DeleteParams: DeleteError {
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: DialogId = "DIALOG_ID", or(DialogIdEmpty);
    }
}

error_set! {
    /// Errors of `im.search.last.delete`.
    pub enum DeleteError {
        /// `DIALOG_ID` is missing, empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
    }
}

impl Method for ImSearchLastDelete {
    const NAME: &'static str = "im.search.last.delete";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Removes a dialog from the caller's recent picks from search results.";
    type Params = DeleteParams;
    type Output = bool;
    type Error = DeleteError;

    fn call(cx: &mut MethodCx<'_>, params: &DeleteParams) -> Answer<Self> {
        Ok(picks::delete(&mut cx.app, params.dialog)?.into())
    }
}
