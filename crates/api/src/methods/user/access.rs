//! `user.access`: whether the caller is in one of several sets of users.

use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError, ParamSpec, ParamType},
    methods::shared::people::access_code::{self, AccessCode},
    wire::Params,
};

/// See the module.
pub struct UserAccess;

impl Method for UserAccess {
    const NAME: &'static str = "user.access";
    const SCOPES: &'static [Scope] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Tells whether the caller has one of several access codes; an administrator has them all.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[ParamSpec::required(
        "ACCESS",
        ParamType::Array,
        "Access codes, as in `access.name`.",
    )]];
    type Params = Vec<String>;
    type Output = bool;
    type Error = NoError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Vec<String>, NoError> {
        Ok(access_code::given(params))
    }

    fn call(cx: &mut MethodCx<'_>, codes: &Vec<String>) -> Answer<Self> {
        let caller = cx.app.caller;
        let mut known = codes.iter().filter_map(|code| AccessCode::parse(code));
        Ok((caller.admin || known.any(|code| code.has(caller))).into())
    }
}
