//! `im.department.managers.get`: who heads departments.

use readmark_app::{
    Refused,
    departments::staff::{self, NotStaff},
};
use readmark_model::Scope;

use crate::{
    departments::{self, Users},
    error_set,
    method::{Access, Answer, Method, MethodCx, ParamSpec},
    wire::{EmptyAsList, Params},
};

/// See the module.
pub struct ImDepartmentManagersGet;

/// Parameters; `ids` is `None` when `ID` is none.
pub struct ManagersParams {
    ids: Option<Vec<i64>>,
    user_data: bool,
}

error_set! {
    /// Errors of `im.department.managers.get`.
    pub enum ManagersError {
        /// `ID` is missing, empty, no list, or holds something else than whole numbers.
        IdEmpty = 400 "ID_EMPTY" "Department ID can't be empty",
        /// The caller comes from outside or is a bot.
        AccessDenied = 403 "ACCESS_ERROR" "Only intranet users have access to this method.",
    }
}

impl Method for ImDepartmentManagersGet {
    const NAME: &'static str = "im.department.managers.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Answers who heads departments; departments that do not exist are left out.";
    const PARAMS: &'static [ParamSpec] = &[departments::ID, departments::USER_DATA];
    type Params = ManagersParams;
    type Output = EmptyAsList<i64, Users>;
    type Error = ManagersError;

    fn parse(params: &Params) -> Result<ManagersParams, ManagersError> {
        Ok(ManagersParams {
            ids: departments::ids(params),
            user_data: departments::user_data(params),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &ManagersParams) -> Answer<Self> {
        let ids = params.ids.as_deref().unwrap_or_default();
        let found = staff::managers(&mut cx.app, ids)
            .map_err(|refused| refused.map(|NotStaff| ManagersError::AccessDenied))?;
        if params.ids.is_none() {
            return Err(Refused::Because(ManagersError::IdEmpty));
        }
        let by_department = found.departments.iter().map(|(department, ids)| {
            let users = Users::new(ids, &found.people, params.user_data, cx.portal);
            (*department, users)
        });
        Ok(by_department.collect::<EmptyAsList<_, _>>().into())
    }
}
