//! `user.admin`: whether the caller administers the portal.

use readmark_model::Scope;

use crate::contract::method::{Access, Answer, Method, MethodCx, NoError};

/// `user.admin`.
pub struct UserAdmin;

impl Method for UserAdmin {
    const NAME: &'static str = "user.admin";
    const SCOPES: &'static [Scope] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns whether the caller administers the portal.";
    type Params = ();
    type Output = bool;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        Ok(cx.app.caller.admin.into())
    }
}
