//! `im.department.colleagues.list`: a page of the caller's colleagues.

use readmark_app::{
    departments::staff::{self, NotStaff},
    page::Page,
};
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, Reply},
    error_set,
    methods::shared::{
        departments::{self, Users},
        page,
    },
    wire::Params,
};

/// See the module.
pub struct ImDepartmentColleaguesList;

/// Parameters.
pub struct ColleaguesParams {
    page: Page,
    user_data: bool,
}

error_set! {
    /// Errors of `im.department.colleagues.list`.
    pub enum ColleaguesError {
        /// The caller comes from outside or is a bot.
        AccessDenied = 403 "ACCESS_ERROR" "Only intranet users have access to this method.",
    }
}

impl Method for ImDepartmentColleaguesList {
    const NAME: &'static str = "im.department.colleagues.list";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists the caller's colleagues; for whoever heads a department everybody in and below it, and all heads.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        departments::USER_DATA,
        page::OFFSET,
        page::START,
        page::LIMIT,
    ]];
    type Params = ColleaguesParams;
    type Output = Users;
    type Error = ColleaguesError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<ColleaguesParams, ColleaguesError> {
        Ok(ColleaguesParams {
            page: page::page(params),
            user_data: departments::user_data(params),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &ColleaguesParams) -> Answer<Self> {
        let found = staff::colleagues(&mut cx.app, params.page, params.user_data)
            .map_err(|refused| refused.map(|NotStaff| ColleaguesError::AccessDenied))?;
        let (total, next) = page::totals(params.page, found.total);
        Ok(Reply {
            result: Users::new(&found.ids, &found.people, params.user_data, cx.portal),
            total,
            next,
        })
    }
}
