//! `im.search.chat.list`: finds chats by the beginnings of words in titles and names of members.

use readmark_app::{
    find::chats::{self, Sought},
    page::Page,
};
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType, Reply},
    error_set,
    methods::{im::search::find, shared::page},
    objects::found::FoundChat,
    wire::Params,
};

/// See the module.
pub struct ImSearchChatList;

/// Parameters.
pub struct FindParams {
    text: String,
    sought: Sought,
    page: Page,
}

error_set! {
    /// Errors of `im.search.chat.list`.
    pub enum FindError {
        /// Neither `FIND` nor `FIND_LINES` is given, or the one that counts has less than two characters.
        FindShort = 400 "FIND_SHORT" "Too short a search phrase.",
    }
}

impl Method for ImSearchChatList {
    const NAME: &'static str = "im.search.chat.list";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Finds chats by the beginnings of words in their titles and the names of their members, the latest made first.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "FIND",
            ParamType::String,
            "Beginnings of words, two characters at least, which a chat must all have.",
        ),
        ParamSpec::optional(
            "FIND_LINES",
            ParamType::String,
            "The same for chats of open channels, where `FIND` is left out.",
        ),
        page::OFFSET,
        page::LIMIT,
        page::START,
    ]];
    type Params = FindParams;
    type Output = Vec<FoundChat>;
    type Error = FindError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<FindParams, FindError> {
        let (name, sought) = if params.get("FIND").is_absent() {
            ("FIND_LINES", Sought::OpenChannels)
        } else {
            ("FIND", Sought::Chats)
        };
        Ok(FindParams {
            text: find::phrase(params, name).ok_or(FindError::FindShort)?,
            sought,
            page: page::page(params),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &FindParams) -> Answer<Self> {
        let found = chats::find(&mut cx.app, &params.text, params.sought, params.page)?;
        let viewer = cx.app.user;
        let result = found.chats.into_iter();
        let (total, next) = page::totals(params.page, found.total);
        Ok(Reply {
            result: result
                .map(|item| FoundChat::new(item, viewer, cx.portal))
                .collect(),
            total,
            next,
        })
    }
}
