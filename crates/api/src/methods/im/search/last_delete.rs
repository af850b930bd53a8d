//! `im.search.last.delete`: forgets that the caller picked a dialog.

use readmark_app::find::picks;
use readmark_model::{DialogId, Scope};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    wire::Params,
};

/// See the module.
pub struct ImSearchLastDelete;

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
    const SUMMARY: &'static str = "Forgets that the caller picked a dialog from what was found.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[ParamSpec::required(
        "DIALOG_ID",
        ParamType::String,
        "The dialog: `chatN`, `sgN`, or the id of a user.",
    )]];
    type Params = DialogId;
    type Output = bool;
    type Error = DeleteError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<DialogId, DeleteError> {
        let dialog = parse::dialog(params, "DIALOG_ID");
        Ok(dialog.ok_or(DeleteError::DialogIdEmpty)?.id)
    }

    fn call(cx: &mut MethodCx<'_>, dialog: &DialogId) -> Answer<Self> {
        Ok(picks::delete(&mut cx.app, *dialog)?.into())
    }
}
