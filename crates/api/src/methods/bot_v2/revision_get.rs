//! `imbot.v2.Revision.get`: the revision of the API.

use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::contract::method::{Access, Answer, Method, MethodCx, NoError};

/// `imbot.v2.Revision.get`.
pub struct ImbotV2RevisionGet;

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Revisions {
    /// Of the REST API; grows with what methods can do.
    pub rest: i64,
    /// Of the web client's protocol.
    pub web: i64,
    /// Of the mobile client's protocol.
    pub mobile: i64,
    /// Of the desktop client's protocol.
    pub desktop: i64,
}

/// The latest revision on the page "API Change Log for imbot.v2", and the clients' revisions from the method's own page.
pub(crate) const REVISIONS: Revisions = Revisions {
    rest: 36,
    web: 130,
    mobile: 23,
    desktop: 6,
};

impl Method for ImbotV2RevisionGet {
    const NAME: &'static str = "imbot.v2.Revision.get";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Returns the supported revisions of the API and of the clients' protocols.";
    type Params = ();
    type Output = Revisions;
    type Error = NoError;

    fn call(_: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        Ok(REVISIONS.into())
    }
}
