//! `department.add`: adds a department.

use readmark_app::{
    Refused,
    departments::change::{self, Refusal},
};
use readmark_model::{
    Scope, UserId,
    department::{DEFAULT_SORT, Department},
};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Deferred, ParamType, Positive, ReadCx},
    },
    error_set,
    methods::shared::departments::{self, NoUser},
    params,
    wire::Field,
};

/// `department.add`.
pub struct DepartmentAdd;

params! {
    /// Parameters of `department.add`. Errors in them are reported to administrators only.
    pub struct AddParams: AddError {
        /// Name of the department.
        required name: String = "NAME", by(name), kind(ParamType::String);
        /// Where it stands among others; 500 when left out.
        optional sort: i64 = "SORT", default(DEFAULT_SORT);
        /// The department above.
        required parent: Positive = "PARENT", or(WrongParent);
        /// Who heads it.
        optional head: Option<Option<UserId>> = "UF_HEAD", by(departments::head), kind(ParamType::Integer);
    }
}

error_set! {
    /// Errors of `department.add`.
    pub enum AddError {
        /// `NAME` is missing or empty.
        NoName = 400 "ERROR_CORE" "Department name not provided.<br>",
        /// `PARENT` is missing, or no department has this id.
        WrongParent = 400 "ERROR_CORE" "There can only be one top-level department in the company structure",
        /// The caller is not an administrator.
        AccessDenied = 400 "ERROR_CORE" "Access denied",
        /// `UF_HEAD` is not an active person of the portal.
        WrongHead = 400 "ERROR_CORE" "User not found",
    }
}

impl From<Refusal> for AddError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotAdmin => Self::AccessDenied,
            Refusal::Parent | Refusal::Unknown | Refusal::Below | Refusal::Root => {
                Self::WrongParent
            }
            Refusal::Head => Self::WrongHead,
        }
    }
}

impl From<NoUser> for AddError {
    fn from(_: NoUser) -> Self {
        Self::WrongHead
    }
}

fn name(field: Field<'_>, _: &ReadCx<'_>) -> Result<String, AddError> {
    let name = departments::name(field).filter(|name| !name.is_empty());
    name.ok_or(AddError::NoName)
}

impl Method for DepartmentAdd {
    const NAME: &'static str = "department.add";
    const SCOPES: &'static [Scope] = &[Scope::Department];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Adds a department; for administrators.";
    type Params = Deferred<AddParams>;
    type Output = i64;
    type Error = AddError;

    fn call(cx: &mut MethodCx<'_>, params: &Deferred<AddParams>) -> Answer<Self> {
        if !cx.app.caller.admin {
            return Err(Refused::Because(AddError::AccessDenied));
        }
        let params = params.get::<AddError>()?;
        let new = Department {
            id: 0,
            name: params.name.clone(),
            sort: params.sort,
            parent: Some(params.parent.0),
            head: params.head.flatten(),
        };
        let id = change::add(&mut cx.app, &new).map_err(|refused| refused.map(AddError::from))?;
        Ok(id.into())
    }
}
