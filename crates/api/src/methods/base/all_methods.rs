//! `methods`: the names of the methods there are. Superseded by `method.get`.

use readmark_model::Scope;

use crate::{
    contract::{
        coverage,
        entry::Entry,
        method::{Access, Answer, Method, MethodCx, NoError, ParamSpec, ParamType},
        parse,
    },
    methods,
    wire::Params,
};

/// See the module.
pub struct Methods;

/// Which methods are asked for.
pub enum Asked {
    /// Those that the caller may call.
    Available,
    /// All.
    Full,
    /// Those that need no scope.
    Base,
    /// Those of a scope.
    Of(Scope),
    /// Those of a scope that there is not.
    Nothing,
}

impl Method for Methods {
    const NAME: &'static str = "methods";
    const SCOPES: &'static [Scope] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Lists the names of methods: those that the caller may call, all, or those of a scope.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional("full", ParamType::Boolean, "All methods of the portal."),
        ParamSpec::optional(
            "scope",
            ParamType::String,
            "The methods of this scope; those that need none when it is empty.",
        ),
    ]];
    type Params = Asked;
    type Output = Vec<&'static str>;
    type Error = NoError;

    fn parse(params: &Params, _: &crate::contract::params::ReadCx<'_>) -> Result<Asked, NoError> {
        let scope = params.get("scope");
        Ok(if parse::flag(params, "full", false) {
            Asked::Full
        } else if scope.raw().is_none_or(serde_json::Value::is_null) {
            Asked::Available
        } else if scope.is_absent() {
            Asked::Base
        } else {
            let named = scope.as_text().and_then(|name| Scope::parse(&name));
            named.map_or(Asked::Nothing, Asked::Of)
        })
    }

    fn call(cx: &mut MethodCx<'_>, asked: &Asked) -> Answer<Self> {
        let scopes = cx.app.caller.scopes;
        let is_asked = |entry: &&Entry| match asked {
            Asked::Available => entry.is_allowed(scopes),
            Asked::Full => true,
            Asked::Base => entry.scopes.is_empty(),
            Asked::Of(scope) => entry.scopes.contains(scope),
            Asked::Nothing => false,
        };
        let names = methods::METHODS
            .iter()
            .filter(is_asked)
            .map(|entry| entry.name);
        let base = matches!(asked, Asked::Available | Asked::Full | Asked::Base);
        let transport: &[&str] = if base { coverage::TRANSPORT } else { &[] };
        let all: Vec<_> = transport.iter().copied().chain(names).collect();
        Ok(all.into())
    }
}
