//! `im.search.user.list`: finds users by word prefixes in names, positions and departments.

use readmark_app::find::users::{self, Among};
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, Reply},
    error_set,
    methods::{
        im::search::find::Phrase,
        shared::page::{self, PageParams},
    },
    objects::found::FoundUser,
    params,
    wire::EmptyAsList,
};

/// `im.search.user.list`.
pub struct ImSearchUserList;

params! {
    /// Parameters of `im.search.user.list`.
    pub struct FindParams: FindError {
        /// Beginnings of words, two characters at least, which a user must all have.
        required find: Phrase = "FIND", or(FindShort);
        /// `Y` finds people of the company alone, neither bots nor extranet users.
        optional business: bool = "BUSINESS", yes_no(false);
        group page: PageParams;
    }
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
    type Params = FindParams;
    type Output = EmptyAsList<i64, FoundUser>;
    type Error = FindError;

    fn call(cx: &mut MethodCx<'_>, params: &FindParams) -> Answer<Self> {
        let among = if params.business {
            Among::Employees
        } else {
            Among::Everybody
        };
        let page = params.page.page();
        let found = users::find(&mut cx.app, &params.find.0, among, page)?;
        let objects = found
            .users
            .iter()
            .map(|user| FoundUser::new(user, cx.portal));
        let (total, next) = page::totals(page, found.total);
        Ok(Reply {
            result: objects.map(|user| (user.id, user)).collect(),
            total,
            next,
        })
    }
}
