//! `im.search.department.list`: finds departments by words of their full names.

use readmark_app::{departments::search, page::Page};
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType, Reply},
    error_set,
    methods::shared::{
        departments::{self, DepartmentObject},
        page,
    },
    wire::Params,
};

/// See the module.
pub struct ImSearchDepartmentList;

/// Parameters.
pub struct SearchParams {
    query: String,
    page: Page,
    user_data: bool,
}

error_set! {
    /// Errors of `im.search.department.list`.
    pub enum SearchError {
        /// `FIND` is missing or no text; an empty one is a query.
        FindShort = 400 "FIND_SHORT" "Too short a search phrase.",
    }
}

impl Method for ImSearchDepartmentList {
    const NAME: &'static str = "im.search.department.list";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Finds departments by the beginnings of words of their full names.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required(
            "FIND",
            ParamType::String,
            "What words begin with; with fewer than two characters every department is found.",
        ),
        departments::USER_DATA,
        page::OFFSET,
        page::START,
        page::LIMIT,
    ]];
    type Params = SearchParams;
    type Output = Vec<DepartmentObject>;
    type Error = SearchError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<SearchParams, SearchError> {
        let query = params.get("FIND").as_text().ok_or(SearchError::FindShort)?;
        Ok(SearchParams {
            query: query.into_owned(),
            page: page::page(params),
            user_data: departments::user_data(params),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &SearchParams) -> Answer<Self> {
        let found = search::search(&mut cx.app, &params.query, params.page)?;
        let objects = found
            .departments
            .iter()
            .map(|one| DepartmentObject::new(one, &found.heads, params.user_data, cx.portal));
        let (total, next) = page::totals(params.page, found.total);
        Ok(Reply {
            result: objects.collect(),
            total,
            next,
        })
    }
}
