//! `department.update`: changes a department.

use readmark_app::{
    Refused,
    departments::change::{self, Change, Refusal},
};
use readmark_model::{Scope, UserId};

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

/// `department.update`.
pub struct DepartmentUpdate;

params! {
    /// Parameters of `department.update`. Errors in them are reported to administrators only.
    pub struct UpdateParams: UpdateError {
        /// Id of the department.
        required id: Positive = "ID", or(NotFound);
        /// The new name.
        optional name: Option<String> = "NAME", by(name), kind(ParamType::String);
        /// Where it stands among others.
        optional sort: Option<i64> = "SORT", typed;
        /// The department above.
        optional parent: Option<i64> = "PARENT", or(WrongParent);
        /// Who heads it; 0 or an empty text for nobody.
        optional head: Option<Option<UserId>> = "UF_HEAD", by(departments::head), kind(ParamType::Integer);
    }
}

error_set! {
    /// Errors of `department.update`.
    pub enum UpdateError {
        /// `ID` is missing, or no department has this id.
        NotFound = 400 "ERROR_CORE" "Department not found",
        /// The caller is not an administrator.
        AccessDenied = 400 "ERROR_CORE" "Access denied",
        /// `NAME` is empty.
        NoName = 400 "ERROR_CORE" "Department name not provided.<br>",
        /// No department has the id in `PARENT`, or the company itself would be put below a department.
        WrongParent = 400 "ERROR_CORE" "There can only be one top-level department in the company structure",
        /// `PARENT` is the department itself or one below it.
        ParentBelow = 400 "ERROR_CORE" "A department cannot be moved into itself",
        /// `UF_HEAD` is not an active person of the portal.
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

impl From<NoUser> for UpdateError {
    fn from(_: NoUser) -> Self {
        Self::WrongHead
    }
}

fn name(field: Field<'_>, _: &ReadCx<'_>) -> Result<Option<String>, UpdateError> {
    let name = departments::name(field);
    if name.as_ref().is_some_and(String::is_empty) {
        return Err(UpdateError::NoName);
    }
    Ok(name)
}

impl Method for DepartmentUpdate {
    const NAME: &'static str = "department.update";
    const SCOPES: &'static [Scope] = &[Scope::Department];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes a department; for administrators.";
    type Params = Deferred<UpdateParams>;
    type Output = bool;
    type Error = UpdateError;

    fn call(cx: &mut MethodCx<'_>, params: &Deferred<UpdateParams>) -> Answer<Self> {
        if !cx.app.caller.admin {
            return Err(Refused::Because(UpdateError::AccessDenied));
        }
        let params = params.get::<UpdateError>()?;
        let change = Change {
            name: params.name.clone(),
            sort: params.sort,
            parent: params.parent,
            head: params.head,
        };
        change::update(&mut cx.app, params.id.0, &change)
            .map_err(|refused| refused.map(UpdateError::from))?;
        Ok(true.into())
    }
}
