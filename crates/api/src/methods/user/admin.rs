//! `user.admin`: whether the caller administers the portal.

use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError, ParamSpec},
        params::{Parameters, ReadCx, Source},
    },
    wire::Params,
};

/// `user.admin`.
pub struct UserAdmin;

impl Method for UserAdmin {
    const NAME: &'static str = "user.admin";
    const SCOPES: &'static [Scope] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Tells whether the caller administers the portal.";
    const PARAMS: &'static [&'static [ParamSpec]] = <() as Parameters>::GROUPS;
    type Params = ();
    type Output = bool;
    type Error = NoError;

    fn parse(params: &Params, cx: &ReadCx<'_>) -> Result<(), NoError> {
        <()>::read(Source::Call(params), cx)
    }

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        Ok(cx.app.caller.admin.into())
    }
}
