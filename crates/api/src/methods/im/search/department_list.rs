//! `im.search.department.list`: finds departments by words of their full names.

use readmark_app::departments::search;
use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, Reply},
        params::{ParamType, ReadCx},
    },
    error_set,
    methods::shared::{
        departments::DepartmentObject,
        page::{self, PageParams},
    },
    params,
    wire::Field,
};

/// `im.search.department.list`.
pub struct ImSearchDepartmentList;

params! {
    /// Parameters of `im.search.department.list`.
    pub struct SearchParams: SearchError {
        /// What words begin with; with fewer than two characters every department is found.
        required query: String = "FIND", by(query), kind(ParamType::String);
        /// `Y` answers heads as objects, `N` their ids alone.
        optional user_data: bool = "USER_DATA", yes_no(false);
        group page: PageParams;
    }
}

error_set! {
    /// Errors of `im.search.department.list`.
    pub enum SearchError {
        /// `FIND` is missing or not a string; an empty one is a query.
        FindShort = 400 "FIND_SHORT" "Too short a search phrase.",
    }
}

impl Method for ImSearchDepartmentList {
    const NAME: &'static str = "im.search.department.list";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Finds departments by the beginnings of words of their full names.";
    type Params = SearchParams;
    type Output = Vec<DepartmentObject>;
    type Error = SearchError;

    fn call(cx: &mut MethodCx<'_>, params: &SearchParams) -> Answer<Self> {
        let page = params.page.page();
        let found = search::search(&mut cx.app, &params.query, page)?;
        let objects = found
            .departments
            .iter()
            .map(|one| DepartmentObject::new(one, &found.heads, params.user_data, cx.portal));
        let (total, next) = page::totals(page, found.total);
        Ok(Reply {
            result: objects.collect(),
            total,
            next,
        })
    }
}

fn query(field: Field<'_>, _: &ReadCx<'_>) -> Result<String, SearchError> {
    let text = field.as_text().ok_or(SearchError::FindShort)?;
    Ok(text.into_owned())
}
