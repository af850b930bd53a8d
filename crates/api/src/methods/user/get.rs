//! `user.get`: people by conditions on their fields; bots are none.

use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError, ParamSpec},
    methods::shared::people::{
        filter::Mode,
        listing::{self, ListParams},
        select::Row,
    },
    wire::Params,
};

/// See the module.
pub struct UserGet;

impl Method for UserGet {
    const NAME: &'static str = "user.get";
    const SCOPES: &'static [Scope] = &[Scope::User, Scope::UserBasic, Scope::UserBrief];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists people by conditions on their fields, 50 a page.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[listing::PARAMS];
    type Params = ListParams;
    type Output = Vec<Row>;
    type Error = NoError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<ListParams, NoError> {
        Ok(ListParams::parse(params))
    }

    fn call(cx: &mut MethodCx<'_>, params: &ListParams) -> Answer<Self> {
        Ok(listing::list(cx, params, Mode::Get)?)
    }
}
