//! `user.search`: people by name, position or department.

use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    methods::shared::people::{
        filter::Mode,
        listing::{self, ListParams},
        select::Row,
    },
};

/// `user.search`.
pub struct UserSearch;

impl Method for UserSearch {
    const NAME: &'static str = "user.search";
    const SCOPES: &'static [Scope] = &[Scope::User, Scope::UserBasic, Scope::UserBrief];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Finds people by the beginnings of their names, position or department, 50 a page.";
    type Params = ListParams;
    type Output = Vec<Row>;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &ListParams) -> Answer<Self> {
        Ok(listing::list(cx, params, Mode::Search)?)
    }
}
