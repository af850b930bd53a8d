//! `department.delete`: deletes a department.

use readmark_app::departments::change::{self, Refusal};
use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::Positive,
    },
    error_set, params,
};

/// `department.delete`.
pub struct DepartmentDelete;

params! {
    /// Parameters of `department.delete`.
    pub struct DeleteParams: DeleteError {
        /// Id of the department.
        required id: Option<Positive> = "ID", lenient;
    }
}

error_set! {
    /// Errors of `department.delete`.
    pub enum DeleteError {
        /// `ID` is missing, or no department has this id.
        NotFound = 400 "ERROR_CORE" "Department not found",
        /// The caller is not an administrator, or the department is the company itself.
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
    const SUMMARY: &'static str = "Deletes a department, whose people and sub-departments move to its parent; for administrators.";
    type Params = DeleteParams;
    type Output = bool;
    type Error = DeleteError;

    fn call(cx: &mut MethodCx<'_>, params: &DeleteParams) -> Answer<Self> {
        // No department has id 0.
        let id = params.id.map_or(0, |id| id.0);
        change::delete(&mut cx.app, id).map_err(|refused| refused.map(DeleteError::from))?;
        Ok(true.into())
    }
}
