//! `im.user.status.set`: chooses the caller's status.

use readmark_app::users::status;
use readmark_model::{Scope, Status};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
    error_set,
    wire::Params,
};

/// See the module.
pub struct ImUserStatusSet;

error_set! {
    /// Errors of `im.user.status.set`.
    pub enum SetError {
        /// `STATUS` is missing or none of `online`, `dnd`, `away` and `break`.
        Unavailable = 400 "STATUS_ERROR" "Status is not available",
    }
}

impl Method for ImUserStatusSet {
    const NAME: &'static str = "im.user.status.set";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Chooses the caller's status, and ends `idle`.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[ParamSpec::required(
        "STATUS",
        ParamType::String,
        "`online`, `dnd`, `away` or `break`, in lower case.",
    )]];
    type Params = Status;
    type Output = bool;
    type Error = SetError;

    fn parse(params: &Params, _: &crate::contract::params::ReadCx<'_>) -> Result<Status, SetError> {
        let text = params.get("STATUS").as_text().unwrap_or_default();
        Status::parse(&text).ok_or(SetError::Unavailable)
    }

    fn call(cx: &mut MethodCx<'_>, chosen: &Status) -> Answer<Self> {
        status::set(&mut cx.app, *chosen)?;
        Ok(true.into())
    }
}
