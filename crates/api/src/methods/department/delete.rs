//! `department.delete`: deletes a department.

use readmark_app::departments::change::{self, Refusal};
use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    wire::Params,
};

/// See the module.
pub struct DepartmentDelete;

error_set! {
    /// Errors of `department.delete`.
    pub enum DeleteError {
        /// `ID` is missing, or no department has this id.
        NotFound = 400 "ERROR_CORE" "Department not found",
        /// The caller is no administrator, or the department is the company itself.
        AccessDenied = 400 "ERROR_CORE" "Access denied",
    }
}

impl From<Refusal> for DeleteError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotAdmin | Refusal::Root => Self::AccessDenied,
            Refusal::Unknown | Refusal::Parent | Refusal::Below | Refusal::Head => Self::NotFound,
        }
    }
}

impl Method for DepartmentDelete {
    const NAME: &'static str = "department.delete";
    const SCOPES: &'static [Scope] = &[Scope::Department];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Deletes a department, whose people and departments go to the one above; for administrators.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[ParamSpec::required(
        "ID",
        ParamType::Integer,
        "Id of the department.",
    )]];
    /// 0, which is the id of none, for whatever is no id.
    type Params = i64;
    type Output = bool;
    type Error = DeleteError;

    fn parse(params: &Params, _: &crate::contract::params::ReadCx<'_>) -> Result<i64, DeleteError> {
        Ok(parse::positive(params, "ID").unwrap_or_default())
    }

    fn call(cx: &mut MethodCx<'_>, id: &i64) -> Answer<Self> {
        change::delete(&mut cx.app, *id).map_err(|refused| refused.map(DeleteError::from))?;
        Ok(true.into())
    }
}
