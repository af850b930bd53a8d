//! `im.user.status.set`: sets the caller's status.

use readmark_app::users::status;
use readmark_model::{Scope, Status};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{ParamType, ReadCx},
    },
    error_set, params,
    wire::Field,
};

/// `im.user.status.set`.
pub struct ImUserStatusSet;

params! {
    /// Parameters of `im.user.status.set`.
    pub struct StatusParams: SetError {
        /// `online`, `dnd`, `away` or `break`, in lower case.
        required status: Status = "STATUS", by(status), kind(ParamType::String);
    }
}

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
    const SUMMARY: &'static str = "Sets the caller's status, and ends `idle`.";
    type Params = StatusParams;
    type Output = bool;
    type Error = SetError;

    fn call(cx: &mut MethodCx<'_>, params: &StatusParams) -> Answer<Self> {
        status::set(&mut cx.app, params.status)?;
        Ok(true.into())
    }
}

fn status(field: Field<'_>, _: &ReadCx<'_>) -> Result<Status, SetError> {
    let text = field.as_text().unwrap_or_default();
    Status::parse(&text).ok_or(SetError::Unavailable)
}
