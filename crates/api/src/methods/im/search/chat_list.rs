//! `im.search.chat.list`: finds chats by word prefixes in titles and members' names.

use readmark_app::{
    Refused,
    find::chats::{self, Sought},
};
use readmark_model::Scope;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, Reply},
        params::Given,
    },
    error_set,
    methods::{
        im::search::find::Phrase,
        shared::page::{self, PageParams},
    },
    objects::found::FoundChat,
    params,
};

/// `im.search.chat.list`.
pub struct ImSearchChatList;

params! {
    /// Parameters of `im.search.chat.list`.
    pub struct FindParams: FindError {
        /// Beginnings of words, two characters at least, which a chat must all have.
        optional find: Given<Phrase> = "FIND", given;
        /// The same for chats of open channels, where `FIND` is left out.
        optional find_lines: Given<Phrase> = "FIND_LINES", given;
        group page: PageParams;
    }
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
    const SUMMARY: &'static str = "Finds chats by the beginnings of words in their titles and the names of their members, the latest created first.";
    type Params = FindParams;
    type Output = Vec<FoundChat>;
    type Error = FindError;

    fn call(cx: &mut MethodCx<'_>, params: &FindParams) -> Answer<Self> {
        let (Phrase(text), sought) = match (&params.find, &params.find_lines) {
            (Given::Valid(phrase), _) => (phrase, Sought::Chats),
            (Given::Absent, Given::Valid(phrase)) => (phrase, Sought::OpenChannels),
            _ => return Err(Refused::Because(FindError::FindShort)),
        };
        let page = params.page.page();
        let found = chats::find(&mut cx.app, text, sought, page)?;
        let viewer = cx.app.user;
        let result = found.chats.into_iter();
        let (total, next) = page::totals(page, found.total);
        Ok(Reply {
            result: result
                .map(|item| FoundChat::new(item, viewer, cx.portal))
                .collect(),
            total,
            next,
        })
    }
}
