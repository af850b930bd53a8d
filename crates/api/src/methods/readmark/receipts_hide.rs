//! `readmark.receipts.hide`, an extension of the API: the caller's own setting to appear in no viewer list (rule R13).

use readmark_app::receipts;
use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError, ParamSpec, ParamType},
        parse,
    },
    wire::Params,
};

/// See the module.
pub struct ReadmarkReceiptsHide;

impl Method for ReadmarkReceiptsHide {
    const NAME: &'static str = "readmark.receipts.hide";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Extension: hides the caller's read receipts from everybody, or shows them again.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[ParamSpec::optional(
        "HIDE",
        ParamType::Boolean,
        "`Y` hides, `N` shows; `Y` when left out.",
    )]];
    type Params = bool;
    type Output = bool;
    type Error = NoError;

    fn parse(params: &Params, _: &crate::contract::params::ReadCx<'_>) -> Result<bool, NoError> {
        Ok(parse::flag(params, "HIDE", true))
    }

    fn call(cx: &mut MethodCx<'_>, hide: &bool) -> Answer<Self> {
        let user = cx.app.user;
        receipts::set_hidden(&mut cx.app, user, *hide)?;
        Ok(true.into())
    }
}
