//! `feature.get`: whether the portal has a feature.

use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
    error_set, methods,
    wire::Params,
};

/// See the module.
pub struct FeatureGet;

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Feature {
    /// `Y` or `N`.
    pub value: &'static str,
}

error_set! {
    /// Errors of `feature.get`.
    pub enum FeatureError {
        /// `CODE` is missing or empty.
        CodeEmpty = 400 "CODE_EMPTY" "CODE can't be empty",
    }
}

impl Method for FeatureGet {
    const NAME: &'static str = "feature.get";
    const SCOPES: &'static [Scope] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Tells whether the portal has a feature.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[ParamSpec::required(
        "CODE",
        ParamType::String,
        "The feature: `rest_offline_extended` for offline events, `rest_auth_connector` for the key `auth_connector` of events.",
    )]];
    type Params = String;
    type Output = Feature;
    type Error = FeatureError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<String, FeatureError> {
        let code = params.get("CODE").as_text().unwrap_or_default();
        if code.is_empty() {
            Err(FeatureError::CodeEmpty)
        } else {
            Ok(code.into_owned())
        }
    }

    fn call(_: &mut MethodCx<'_>, code: &String) -> Answer<Self> {
        let is_there = match code.as_str() {
            "rest_offline_extended" => methods::find("event.offline.get").is_some(),
            "rest_auth_connector" => methods::find("event.bind")
                .is_some_and(|bind| bind.params().any(|param| param.name == "auth_connector")),
            _ => false,
        };
        Ok(Feature {
            value: if is_there { "Y" } else { "N" },
        }
        .into())
    }
}
