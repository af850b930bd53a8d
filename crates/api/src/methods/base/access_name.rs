//! `access.name`: resolves access codes to names.

use readmark_app::{Refused, users::look};
use readmark_model::{Scope, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::ParamType,
    },
    methods::shared::people::access_code::{self, AccessCode},
    params,
    wire::EmptyAsList,
};

/// `access.name`.
pub struct AccessName;

params! {
    /// Parameters of `access.name`.
    pub struct NameParams: NoError {
        /// Access codes: `U1` for a user, `G2` for a group, `AU` for everybody who is logged in.
        required codes: Vec<String> = "ACCESS", by(access_code::given), kind(ParamType::ArrayOf(&ParamType::String));
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum NamesOutput {
    /// The codes that exist, with what they stand for.
    Names(EmptyAsList<String, CodeName>),
    /// `false`: no code is given.
    NoneGiven(bool),
}

/// What a code stands for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CodeName {
    /// Who names it, or empty.
    pub provider: &'static str,
    /// Name.
    pub name: String,
    /// The id of who names it.
    pub provider_id: &'static str,
}

impl Method for AccessName {
    const NAME: &'static str = "access.name";
    const SCOPES: &'static [Scope] = &[];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Resolves access codes to names.";
    type Params = NameParams;
    type Output = NamesOutput;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &NameParams) -> Answer<Self> {
        if params.codes.is_empty() {
            return Ok(NamesOutput::NoneGiven(false).into());
        }
        let mut names: Vec<(String, CodeName)> = Vec::new();
        for code in &params.codes {
            if names.iter().any(|(named, _)| named == code) {
                continue;
            }
            if let Some(name) = name(cx, code)? {
                names.push((code.clone(), name));
            }
        }
        Ok(NamesOutput::Names(names.into()).into())
    }
}

fn name(cx: &mut MethodCx<'_>, code: &str) -> Result<Option<CodeName>, Refused<NoError>> {
    let other = |name: &str| CodeName {
        provider: "",
        name: name.to_owned(),
        provider_id: "other",
    };
    Ok(match AccessCode::parse(code) {
        Some(AccessCode::User(id)) => user_name(cx, id)?,
        Some(AccessCode::Administrators) => Some(CodeName {
            provider_id: "group",
            ..other("Administrators")
        }),
        Some(AccessCode::Everybody) => Some(other("All visitors")),
        Some(AccessCode::Authorised) => Some(other("All authorized users")),
        None => None,
    })
}

fn user_name(cx: &mut MethodCx<'_>, id: UserId) -> Result<Option<CodeName>, Refused<NoError>> {
    match look::get(&mut cx.app, id) {
        Ok(user) => Ok(Some(CodeName {
            provider: "Users",
            name: user.full_name(),
            provider_id: "user",
        })),
        Err(Refused::Because(_)) => Ok(None),
        Err(Refused::Interrupted(fault)) => Err(fault.into()),
    }
}
