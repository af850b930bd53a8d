//! `scope`: what the caller's credentials may be used for.

use readmark_model::Scope as Right;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError, ParamSpec, ParamType},
        parse,
    },
    wire::Params,
};

/// See the module.
pub struct Scope;

impl Method for Scope {
    const NAME: &'static str = "scope";
    const SCOPES: &'static [Right] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Lists the scopes of the caller's webhook or token, or all there are.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[ParamSpec::optional(
        "full",
        ParamType::Boolean,
        "All scopes that the portal knows.",
    )]];
    type Params = bool;
    type Output = Vec<&'static str>;
    type Error = NoError;

    fn parse(params: &Params, _: &crate::contract::params::ReadCx<'_>) -> Result<bool, NoError> {
        Ok(parse::flag(params, "full", false))
    }

    fn call(cx: &mut MethodCx<'_>, full: &bool) -> Answer<Self> {
        let scopes: Vec<_> = if *full {
            Right::ALL.iter().map(|scope| scope.as_str()).collect()
        } else {
            cx.app.caller.scopes.iter().map(Right::as_str).collect()
        };
        Ok(scopes.into())
    }
}
