//! `method.get`: whether a method exists, and whether the caller may call it.

use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        coverage,
        method::{Access, Answer, Method, MethodCx, NoError, ParamSpec, ParamType},
    },
    methods,
    wire::Params,
};

/// See the module.
pub struct MethodGet;

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
        "Tells whether a method exists and whether the caller may call it.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[ParamSpec::optional(
        "name",
        ParamType::String,
        "Name of the method.",
    )]];
    type Params = String;
    type Output = MethodFacts;
    type Error = NoError;

    fn parse(params: &Params, _: &crate::contract::params::ReadCx<'_>) -> Result<String, NoError> {
        Ok(params
            .get("name")
            .as_text()
            .unwrap_or_default()
            .into_owned())
    }

    fn call(cx: &mut MethodCx<'_>, name: &String) -> Answer<Self> {
        let mut transport = coverage::TRANSPORT.iter();
        if transport.any(|known| name.eq_ignore_ascii_case(known)) {
            return Ok(MethodFacts {
                is_existing: true,
                is_available: true,
            }
            .into());
        }
        let facts = methods::find(name).map_or_else(MethodFacts::default, |entry| MethodFacts {
            is_existing: true,
            is_available: entry.is_allowed(cx.app.caller.scopes),
        });
        Ok(facts.into())
    }
}
