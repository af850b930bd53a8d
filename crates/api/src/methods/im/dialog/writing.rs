//! `im.dialog.writing`: tells the members of a chat that the caller is typing.

use readmark_app::message::typing::{self, NoAccess};
use readmark_model::{DialogId, InputAction, Scope};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    wire::Params,
};

/// See the module.
pub struct ImDialogWriting;

error_set! {
    /// Errors of `im.dialog.writing`.
    pub enum WritingError {
        /// `DIALOG_ID` is missing, empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// There is no such chat, or the caller is no member of it.
        AccessError = 403 "ACCESS_ERROR" "Action unavailable",
    }
}

impl Method for ImDialogWriting {
    const NAME: &'static str = "im.dialog.writing";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    // Nothing is stored: the event is published when the snapshot is closed.
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Tells the members of a chat that the caller is typing.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[ParamSpec::required(
        "DIALOG_ID",
        ParamType::String,
        "The dialog: `chatN`, `sgN`, or the id of a user.",
    )]];
    type Params = DialogId;
    type Output = bool;
    type Error = WritingError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<DialogId, WritingError> {
        parse::dialog(params, "DIALOG_ID")
            .map(|dialog| dialog.id)
            .ok_or(WritingError::DialogIdEmpty)
    }

    fn call(cx: &mut MethodCx<'_>, dialog: &DialogId) -> Answer<Self> {
        typing::start(&mut cx.app, *dialog, InputAction::default())
            .map_err(|refused| refused.map(|NoAccess| WritingError::AccessError))?;
        Ok(true.into())
    }
}
