//! `methods`: the names of the available methods. Superseded by `method.get`.

use readmark_model::Scope;

use crate::{
    contract::{
        coverage,
        entry::Entry,
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{ParamType, ReadCx},
    },
    methods, params,
    wire::Field,
};

/// `methods`.
pub struct Methods;

params! {
    /// Parameters of `methods`.
    pub struct MethodsParams: NoError {
        /// All methods of the portal.
        optional full: bool = "full", default(false);
        /// The methods of this scope; those that need none when it is empty.
        optional scope: Asked = "scope", by(asked), kind(ParamType::String);
    }
}

/// Which methods to list, if not all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Those available to the caller.
    Available,
    /// Those without a scope.
    Base,
    /// Those of a scope.
    Of(Scope),
    /// Those of an unknown scope: none.
    Nothing,
}

impl Method for Methods {
    const NAME: &'static str = "methods";
    const SCOPES: &'static [Scope] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Lists the names of methods: those that the caller may call, all, or those of a scope.";
    type Params = MethodsParams;
    type Output = Vec<&'static str>;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &MethodsParams) -> Answer<Self> {
        let scopes = cx.app.caller.scopes;
        let is_asked = |entry: &&Entry| {
            params.full
                || match params.scope {
                    Asked::Available => entry.is_allowed(scopes),
                    Asked::Base => entry.scopes.is_empty(),
                    Asked::Of(scope) => entry.scopes.contains(&scope),
                    Asked::Nothing => false,
                }
        };
        let names = methods::METHODS
            .iter()
            .filter(is_asked)
            .map(|entry| entry.name);
        let base = params.full || matches!(params.scope, Asked::Available | Asked::Base);
        let transport: &[&str] = if base { coverage::TRANSPORT } else { &[] };
        let all: Vec<_> = transport.iter().copied().chain(names).collect();
        Ok(all.into())
    }
}

fn asked(scope: Field<'_>, _: &ReadCx<'_>) -> Result<Asked, NoError> {
    Ok(if scope.raw().is_none_or(serde_json::Value::is_null) {
        Asked::Available
    } else if scope.is_absent() {
        Asked::Base
    } else {
        let named = scope.as_text().and_then(|name| Scope::parse(&name));
        named.map_or(Asked::Nothing, Asked::Of)
    })
}
