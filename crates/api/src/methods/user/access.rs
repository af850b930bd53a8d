//! `user.access`: whether the caller is in one of several sets of users.

use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::ParamType,
    },
    methods::shared::people::access_code::{self, AccessCode},
    params,
};

/// `user.access`.
pub struct UserAccess;

params! {
    /// Parameters of `user.access`.
    pub struct AccessParams: NoError {
        /// Access codes, as in `access.name`.
        required codes: Vec<String> = "ACCESS", by(access_code::given), kind(ParamType::ArrayOf(&ParamType::String));
    }
}

impl Method for UserAccess {
    const NAME: &'static str = "user.access";
    const SCOPES: &'static [Scope] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns whether the caller has one of several access codes; an administrator has them all.";
    type Params = AccessParams;
    type Output = bool;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &AccessParams) -> Answer<Self> {
        let caller = cx.app.caller;
        let mut known = params
            .codes
            .iter()
            .filter_map(|code| AccessCode::parse(code));
        Ok((caller.admin || known.any(|code| code.has(caller))).into())
    }
}
