//! `method.get`: whether a method exists, and whether the caller may call it.

use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        coverage,
        method::{Access, Answer, Method, MethodCx, NoError},
    },
    methods, params,
};

/// `method.get`.
pub struct MethodGet;

params! {
    /// Parameters of `method.get`.
    pub struct MethodParams: NoError {
        /// Name of the method.
        optional name: String = "name", default(String::new());
    }
}

/// What there is to say of a method.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MethodFacts {
    /// The portal has it.
    pub is_existing: bool,
    /// The caller has a scope of it.
    pub is_available: bool,
}

impl Method for MethodGet {
    const NAME: &'static str = "method.get";
    const SCOPES: &'static [Scope] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Returns whether a method exists and whether the caller may call it.";
    type Params = MethodParams;
    type Output = MethodFacts;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &MethodParams) -> Answer<Self> {
        let mut transport = coverage::TRANSPORT.iter();
        if transport.any(|known| params.name.eq_ignore_ascii_case(known)) {
            return Ok(MethodFacts {
                is_existing: true,
                is_available: true,
            }
            .into());
        }
        let facts =
            methods::find(&params.name).map_or_else(MethodFacts::default, |entry| MethodFacts {
                is_existing: true,
                is_available: entry.is_allowed(cx.app.caller.scopes),
            });
        Ok(facts.into())
    }
}
