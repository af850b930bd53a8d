//! `department.update`: changes a department.

use readmark_app::{
    Refused,
    departments::change::{self, Change, Refusal},
};
use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    methods::shared::departments::{self, NoUser},
    wire::{IntField, Params},
};

/// See the module.
pub struct DepartmentUpdate;

/// Parameters. What is wrong with them is told to administrators only, so it is kept until the caller is known.
pub struct UpdateParams(Result<(i64, Change), UpdateError>);

error_set! {
    /// Errors of `department.update`.
    pub enum UpdateError {
        /// `ID` is missing, or no department has this id.
        NotFound = 400 "ERROR_CORE" "Department not found",
        /// The caller is no administrator.
        AccessDenied = 400 "ERROR_CORE" "Access denied",
        /// `NAME` is empty.
        NoName = 400 "ERROR_CORE" "Department name not provided.<br>",
        /// No department has the id in `PARENT`, or the company itself would be put below a department.
        WrongParent = 400 "ERROR_CORE" "There can only be one top-level department in the company structure",
        /// `PARENT` is the department itself or one below it.
        ParentBelow = 400 "ERROR_CORE" "A department cannot be moved into itself",
        /// `UF_HEAD` is no active person of the portal.
        WrongHead = 400 "ERROR_CORE" "User not found",
    }
}

impl From<Refusal> for UpdateError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotAdmin => Self::AccessDenied,
            Refusal::Unknown => Self::NotFound,
            Refusal::Parent | Refusal::Root => Self::WrongParent,
            Refusal::Below => Self::ParentBelow,
            Refusal::Head => Self::WrongHead,
        }
    }
}

fn validate(params: &Params) -> Result<(i64, Change), UpdateError> {
    let id = parse::positive(params, "ID").ok_or(UpdateError::NotFound)?;
    let name = departments::name(params);
    if name.as_ref().is_some_and(String::is_empty) {
        return Err(UpdateError::NoName);
    }
    let parent = match params.get("PARENT").as_int() {
        IntField::Absent => None,
        IntField::Valid(parent) => Some(parent),
        IntField::Malformed => return Err(UpdateError::WrongParent),
    };
    let head = departments::head(params).map_err(|NoUser| UpdateError::WrongHead)?;
    let change = Change {
        name,
        sort: departments::sort(params),
        parent,
        head,
    };
    Ok((id, change))
}

impl Method for DepartmentUpdate {
    const NAME: &'static str = "department.update";
    const SCOPES: &'static [Scope] = &[Scope::Department];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes a department; for administrators.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("ID", ParamType::Integer, "Id of the department."),
        ParamSpec::optional("NAME", ParamType::String, "The new name."),
        ParamSpec::optional("SORT", ParamType::Integer, "Where it stands among others."),
        ParamSpec::optional("PARENT", ParamType::Integer, "The department above."),
        ParamSpec::optional(
            "UF_HEAD",
            ParamType::Integer,
            "Who heads it; 0 or an empty text for nobody.",
        ),
    ]];
    type Params = UpdateParams;
    type Output = bool;
    type Error = UpdateError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<UpdateParams, UpdateError> {
        Ok(UpdateParams(validate(params)))
    }

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        if !cx.app.caller.admin {
            return Err(Refused::Because(UpdateError::AccessDenied));
        }
        let (id, change) = params
            .0
            .as_ref()
            .map_err(|error| Refused::Because(*error))?;
        change::update(&mut cx.app, *id, change)
            .map_err(|refused| refused.map(UpdateError::from))?;
        Ok(true.into())
    }
}
