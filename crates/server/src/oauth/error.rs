//! Errors of the authorisation server (sources: OAuth). Each is here once, with its status and text.

use bytes::Bytes;
use hyper::StatusCode;
use readmark_app::oauth::Refusal;
use serde_json::json;

use crate::rest::Reply;

/// An error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OAuthError {
    /// A parameter is missing: its name.
    Missing(&'static str),
    /// `grant_type` is none that there is.
    GrantType,
    /// No application has the client id.
    UnknownClient,
    /// The secret is another one.
    Secret,
    /// The application is not installed.
    NotInstalled,
    /// The code or refresh token is not good.
    Grant,
    /// `scope` names something that there is not.
    UnknownScope,
    /// `scope` names more than was granted.
    Scope,
}

impl OAuthError {
    fn parts(&self) -> (StatusCode, &'static str, String) {
        let (bad, forbidden) = (StatusCode::BAD_REQUEST, StatusCode::FORBIDDEN);
        let (status, code, text) = match self {
            Self::Missing(name) => {
                return (
                    bad,
                    "invalid_request",
                    format!("No \"{name}\" parameter found"),
                );
            }
            Self::GrantType => (
                bad,
                "invalid_request",
                "Wrong \"grant_type\" parameter value",
            ),
            // The official SDKs expect this status.
            Self::UnknownClient => (StatusCode::OK, "wrong_client", "Wrong client"),
            Self::Secret => (bad, "invalid_client", "Invalid client"),
            Self::NotInstalled => (bad, "invalid_client", "Application is not installed"),
            Self::Grant => (bad, "invalid_grant", "Invalid grant"),
            Self::UnknownScope => (forbidden, "invalid_scope", "Invalid scope"),
            Self::Scope => (
                forbidden,
                "insufficient_scope",
                "The request requires higher privileges than the application has",
            ),
        };
        (status, code, text.to_owned())
    }

    /// As an answer.
    pub(super) fn reply(&self) -> Reply {
        let (status, code, text) = self.parts();
        json_reply(status, &json!({ "error": code, "error_description": text }))
    }
}

impl From<Refusal> for OAuthError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::UnknownClient => Self::UnknownClient,
            Refusal::Secret => Self::Secret,
            Refusal::NotInstalled => Self::NotInstalled,
            Refusal::Offer | Refusal::UsedAgain(_) => Self::Grant,
            Refusal::Scopes => Self::Scope,
        }
    }
}

/// An answer in JSON, which nobody keeps.
pub(super) fn json_reply(status: StatusCode, value: &serde_json::Value) -> Reply {
    Reply::new(
        status,
        "application/json; charset=utf-8",
        Bytes::from(value.to_string()),
    )
}
