//! `im.department.colleagues.list`: a page of the caller's colleagues.

use readmark_app::departments::staff::{self, NotStaff};
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError, Reply},
    error_set,
    methods::shared::{
        departments::Users,
        page::{self, PageParams},
    },
    params,
};

/// `im.department.colleagues.list`.
pub struct ImDepartmentColleaguesList;

params! {
    /// Parameters of `im.department.colleagues.list`.
    pub struct ColleaguesParams: NoError {
        /// `Y` answers users as objects, `N` their ids alone.
        optional user_data: bool = "USER_DATA", yes_no(false);
        group page: PageParams;
    }
}

error_set! {
    /// Errors of `im.department.colleagues.list`.
    pub enum ColleaguesError {
        /// The caller is an extranet user or a bot.
        AccessDenied = 403 "ACCESS_ERROR" "Only intranet users have access to this method.",
    }
}

impl Method for ImDepartmentColleaguesList {
    const NAME: &'static str = "im.department.colleagues.list";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists the caller's colleagues; for the head of a department everybody in and below it, and all heads.";
    type Params = ColleaguesParams;
    type Output = Users;
    type Error = ColleaguesError;

    fn call(cx: &mut MethodCx<'_>, params: &ColleaguesParams) -> Answer<Self> {
        let page = params.page.page();
        let found = staff::colleagues(&mut cx.app, page, params.user_data)
            .map_err(|refused| refused.map(|NotStaff| ColleaguesError::AccessDenied))?;
        let (total, next) = page::totals(page, found.total);
        Ok(Reply {
            result: Users::new(&found.ids, &found.people, params.user_data, cx.portal),
            total,
            next,
        })
    }
}
