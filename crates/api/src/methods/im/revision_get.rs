//! `im.revision.get`: the revisions of the API that the portal supports.

use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    methods::bot_v2::revision_get,
};

/// `im.revision.get`.
pub struct ImRevisionGet;

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Revisions {
    /// Of the REST API.
    pub rest: i64,
    /// For web clients.
    pub web: i64,
    /// For mobile clients.
    pub mobile: i64,
    /// For desktop clients.
    pub desktop: i64,
    /// `mobile` once more, under an older name.
    pub im_revision_mobile: i64,
}

impl Method for ImRevisionGet {
    const NAME: &'static str = "im.revision.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns the revisions of the API that the portal supports.";
    type Params = ();
    type Output = Revisions;
    type Error = NoError;

    fn call(_: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        let same = revision_get::REVISIONS;
        Ok(Revisions {
            rest: same.rest,
            web: same.web,
            mobile: same.mobile,
            desktop: same.desktop,
            im_revision_mobile: same.mobile,
        }
        .into())
    }
}
