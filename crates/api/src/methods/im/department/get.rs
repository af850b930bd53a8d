//! `im.department.get`: several departments as chats show them.

use readmark_app::{
    Refused,
    departments::staff::{self, NotStaff},
};
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec},
    error_set,
    methods::shared::departments::{self, DepartmentObject},
    wire::Params,
};

/// See the module.
pub struct ImDepartmentGet;

/// Parameters; `ids` is `None` when `ID` is none.
pub struct GetParams {
    ids: Option<Vec<i64>>,
    user_data: bool,
}

error_set! {
    /// Errors of `im.department.get`.
    pub enum GetError {
        /// `ID` is missing, empty, no list, or holds something else than whole numbers.
        InvalidFormat = 400 "INVALID_FORMAT" "A wrong format for the ID field is passed",
        /// The caller comes from outside or is a bot.
        AccessDenied = 403 "ACCESS_ERROR" "Only intranet users have access to this method.",
    }
}

impl Method for ImDepartmentGet {
    const NAME: &'static str = "im.department.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Answers several departments; those that do not exist are left out.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[departments::ID, departments::USER_DATA]];
    type Params = GetParams;
    type Output = Vec<DepartmentObject>;
    type Error = GetError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<GetParams, GetError> {
        Ok(GetParams {
            ids: departments::ids(params),
            user_data: departments::user_data(params),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &GetParams) -> Answer<Self> {
        let ids = params.ids.as_deref().unwrap_or_default();
        let (found, heads) = staff::departments(&mut cx.app, ids)
            .map_err(|refused| refused.map(|NotStaff| GetError::AccessDenied))?;
        if params.ids.is_none() {
            return Err(Refused::Because(GetError::InvalidFormat));
        }
        let objects = found
            .iter()
            .map(|one| DepartmentObject::new(one, &heads, params.user_data, cx.portal));
        Ok(objects.collect::<Vec<_>>().into())
    }
}
