//! `im.search.last.add`: puts a dialog first among the caller's recent picks.

use readmark_app::find::picks;
use readmark_model::{DialogId, Scope};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set, params,
};

/// `im.search.last.add`.
pub struct ImSearchLastAdd;

params! {
    /// Parameters of `im.search.last.add`.
    pub struct AddParams: AddError {
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: DialogId = "DIALOG_ID", or(DialogIdEmpty);
    }
}

error_set! {
    /// Errors of `im.search.last.add`.
    pub enum AddError {
        /// `DIALOG_ID` is missing, empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
    }
}

impl Method for ImSearchLastAdd {
    const NAME: &'static str = "im.search.last.add";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Adds a dialog to the caller's recent picks from search results.";
    type Params = AddParams;
    type Output = bool;
    type Error = AddError;

    fn call(cx: &mut MethodCx<'_>, params: &AddParams) -> Answer<Self> {
        Ok(picks::add(&mut cx.app, params.dialog)?.into())
    }
}
