//! `user.admin`: whether the caller administers the portal.

use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError, ParamSpec},
    wire::Params,
};

/// See the module.
pub struct UserAdmin;

impl Method for UserAdmin {
    const NAME: &'static str = "user.admin";
    const SCOPES: &'static [Scope] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Tells whether the caller administers the portal.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[]];
    type Params = ();
    type Output = bool;
    type Error = NoError;

    fn parse(_: &Params, _: &crate::contract::params::ReadCx<'_>) -> Result<(), NoError> {
        Ok(())
    }

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        Ok(cx.app.caller.admin.into())
    }
}
