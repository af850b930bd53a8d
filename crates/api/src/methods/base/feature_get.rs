//! `feature.get`: whether the portal has a feature.

use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set, methods, params,
};

/// `feature.get`.
pub struct FeatureGet;

params! {
    /// Parameters of `feature.get`.
    pub struct FeatureParams: FeatureError {
        /// The feature: `rest_offline_extended` for offline events, `rest_auth_connector` for the key `auth_connector` of events.
        required code: String = "CODE", or(CodeEmpty);
    }
}

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
    const SUMMARY: &'static str = "Returns whether the portal has a feature.";
    type Params = FeatureParams;
    type Output = Feature;
    type Error = FeatureError;

    fn call(_: &mut MethodCx<'_>, params: &FeatureParams) -> Answer<Self> {
        let is_there = match params.code.as_str() {
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
