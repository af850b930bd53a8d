//! `scope`: the scopes of the caller's credentials.

use readmark_model::Scope as Right;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    params,
};

/// `scope`.
pub struct Scope;

params! {
    /// Parameters of `scope`.
    pub struct ScopeParams: NoError {
        /// All scopes that the portal knows.
        optional full: bool = "full", default(false);
    }
}

impl Method for Scope {
    const NAME: &'static str = "scope";
    const SCOPES: &'static [Right] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Lists the scopes of the caller's webhook or token, or all scopes.";
    type Params = ScopeParams;
    type Output = Vec<&'static str>;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &ScopeParams) -> Answer<Self> {
        let scopes: Vec<_> = if params.full {
            Right::ALL.iter().map(|scope| scope.as_str()).collect()
        } else {
            cx.app.caller.scopes.iter().map(Right::as_str).collect()
        };
        Ok(scopes.into())
    }
}
