//! `im.search.last.add`: puts a dialog before the others that the caller picked.

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
pub struct ImSearchLastAdd;

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
    const SUMMARY: &'static str = "Remembers that the caller picked a dialog from what was found.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[ParamSpec::required(
        "DIALOG_ID",
        ParamType::String,
        "The dialog: `chatN`, `sgN`, or the id of a user.",
    )]];
    type Params = DialogId;
    type Output = bool;
    type Error = AddError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<DialogId, AddError> {
        let dialog = parse::dialog(params, "DIALOG_ID");
        Ok(dialog.ok_or(AddError::DialogIdEmpty)?.id)
    }

    fn call(cx: &mut MethodCx<'_>, dialog: &DialogId) -> Answer<Self> {
        Ok(picks::add(&mut cx.app, *dialog)?.into())
    }
}
