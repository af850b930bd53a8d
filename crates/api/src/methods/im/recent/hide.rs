//! `im.recent.hide`: takes a chat out of the recent list until something is sent (rule R10).

use readmark_app::{access, recent};
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
pub struct ImRecentHide;

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
        "Takes a chat out of the recent list until something is sent to it.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[ParamSpec::required(
        "DIALOG_ID",
        ParamType::String,
        "The dialog: `chatN`, `sgN`, or the id of a user.",
    )]];
    type Params = DialogId;
    type Output = bool;
    type Error = HideError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<DialogId, HideError> {
        Ok(parse::dialog(params, "DIALOG_ID")
            .ok_or(HideError::DialogIdEmpty)?
            .id)
    }

    fn call(cx: &mut MethodCx<'_>, dialog: &DialogId) -> Answer<Self> {
        let Some(chat) = access::resolve(&mut cx.app, *dialog)? else {
            return Ok(false.into());
        };
        Ok(recent::hide(&mut cx.app, chat)?.into())
    }
}
