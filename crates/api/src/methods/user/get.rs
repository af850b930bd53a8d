//! `user.get`: people by conditions on their fields, without bots.

use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    methods::shared::people::{
        filter::Mode,
        listing::{self, ListParams},
        select::Row,
    },
};

/// `user.get`.
pub struct UserGet;

impl Method for UserGet {
    const NAME: &'static str = "user.get";
    const SCOPES: &'static [Scope] = &[Scope::User, Scope::UserBasic, Scope::UserBrief];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists people by conditions on their fields, 50 a page.";
    type Params = ListParams;
    type Output = Vec<Row>;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &ListParams) -> Answer<Self> {
        Ok(listing::list(cx, params, Mode::Get)?)
    }
}
