//! `im.search.user.list`: finds users by the beginnings of words in names, positions and departments.

use readmark_app::{find::users, page::Page};
use readmark_model::Scope;
use readmark_store::repo::name_word::Among;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType, Reply},
        parse,
    },
    error_set,
    methods::{im::search::find, shared::page},
    objects::found::FoundUser,
    wire::{EmptyAsList, Params},
};

/// See the module.
pub struct ImSearchUserList;

/// Parameters.
pub struct FindParams {
    text: String,
    among: Among,
    page: Page,
}

error_set! {
    /// Errors of `im.search.user.list`.
    pub enum FindError {
        /// `FIND` is missing or has less than two characters.
        FindShort = 400 "FIND_SHORT" "Too short a search phrase.",
    }
}

impl Method for ImSearchUserList {
    const NAME: &'static str = "im.search.user.list";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Finds users by the beginnings of words in their names, positions and departments.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required(
            "FIND",
            ParamType::String,
            "Beginnings of words, two characters at least, which a user must all have.",
        ),
        ParamSpec::optional(
            "BUSINESS",
            ParamType::String,
            "`Y` finds people of the company alone, neither bots nor users from outside.",
        ),
        page::OFFSET,
        page::LIMIT,
        page::START,
    ]];
    type Params = FindParams;
    type Output = EmptyAsList<i64, FoundUser>;
    type Error = FindError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<FindParams, FindError> {
        Ok(FindParams {
            text: find::phrase(params, "FIND").ok_or(FindError::FindShort)?,
            among: if parse::flag(params, "BUSINESS", false) {
                Among::Employees
            } else {
                Among::Everybody
            },
            page: page::page(params),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &FindParams) -> Answer<Self> {
        let found = users::find(&mut cx.app, &params.text, params.among, params.page)?;
        let objects = found
            .users
            .iter()
            .map(|user| FoundUser::new(user, cx.portal));
        let (total, next) = page::totals(params.page, found.total);
        Ok(Reply {
            result: objects.map(|user| (user.id, user)).collect(),
            total,
            next,
        })
    }
}
