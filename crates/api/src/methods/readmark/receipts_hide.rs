//! `readmark.receipts.hide`, an extension of the API: the caller's setting to be left out of viewer lists (rule R13).

use readmark_app::receipts;
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    params,
};

/// `readmark.receipts.hide`.
pub struct ReadmarkReceiptsHide;

params! {
    /// Parameters of `readmark.receipts.hide`.
    pub struct HideParams: NoError {
        /// `Y` hides, `N` shows; `Y` when left out.
        optional hide: bool = "HIDE", default(true);
    }
}

impl Method for ReadmarkReceiptsHide {
    const NAME: &'static str = "readmark.receipts.hide";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Extension: hides the caller's read receipts from everybody, or shows them again.";
    type Params = HideParams;
    type Output = bool;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &HideParams) -> Answer<Self> {
        let user = cx.app.user;
        receipts::set_hidden(&mut cx.app, user, params.hide)?;
        Ok(true.into())
    }
}
