//! `department.add`: adds a department.

use readmark_app::{
    Refused,
    departments::change::{self, Refusal},
};
use readmark_model::Scope;
use readmark_store::repo::department::{DEFAULT_SORT, Department};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    methods::shared::departments::{self, NoUser},
    wire::Params,
};

/// See the module.
pub struct DepartmentAdd;

/// Parameters. What is wrong with them is told to administrators only, so it is kept until the caller is known.
pub struct AddParams(Result<Department, AddError>);

error_set! {
    /// Errors of `department.add`.
    pub enum AddError {
        /// `NAME` is missing or empty.
        NoName = 400 "ERROR_CORE" "Department name not provided.<br>",
        /// `PARENT` is missing, or no department has this id.
        WrongParent = 400 "ERROR_CORE" "There can only be one top-level department in the company structure",
        /// The caller is no administrator.
        AccessDenied = 400 "ERROR_CORE" "Access denied",
        /// `UF_HEAD` is no active person of the portal.
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

fn validate(params: &Params) -> Result<Department, AddError> {
    let name = departments::name(params).filter(|name| !name.is_empty());
    let name = name.ok_or(AddError::NoName)?;
    let parent = parse::positive(params, "PARENT").ok_or(AddError::WrongParent)?;
    let head = departments::head(params).map_err(|NoUser| AddError::WrongHead)?;
    Ok(Department {
        id: 0,
        name,
        sort: departments::sort(params).unwrap_or(DEFAULT_SORT),
        parent: Some(parent),
        head: head.flatten(),
    })
}

impl Method for DepartmentAdd {
    const NAME: &'static str = "department.add";
    const SCOPES: &'static [Scope] = &[Scope::Department];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Adds a department; for administrators.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("NAME", ParamType::String, "Name of the department."),
        ParamSpec::optional(
            "SORT",
            ParamType::Integer,
            "Where it stands among others; 500 when left out.",
        ),
        ParamSpec::required("PARENT", ParamType::Integer, "The department above."),
        ParamSpec::optional("UF_HEAD", ParamType::Integer, "Who heads it."),
    ]];
    type Params = AddParams;
    type Output = i64;
    type Error = AddError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<AddParams, AddError> {
        Ok(AddParams(validate(params)))
    }

    fn call(cx: &mut MethodCx<'_>, params: &AddParams) -> Answer<Self> {
        if !cx.app.caller.admin {
            return Err(Refused::Because(AddError::AccessDenied));
        }
        let new = params
            .0
            .as_ref()
            .map_err(|error| Refused::Because(*error))?;
        let id = change::add(&mut cx.app, new).map_err(|refused| refused.map(AddError::from))?;
        Ok(id.into())
    }
}
