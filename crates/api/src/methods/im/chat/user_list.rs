//! `im.chat.user.list`: lists the ids of a chat's members.

use readmark_app::{Refused, chat::people};
use readmark_model::{ChatId, Scope, UserId};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    wire::Params,
};

/// See the module.
pub struct ImChatUserList;

error_set! {
    /// Errors of `im.chat.user.list`.
    pub enum UserListError {
        /// `CHAT_ID` is missing or no positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// There is no such chat.
        AccessError = 403 "ACCESS_ERROR" "Action unavailable",
    }
}

impl Method for ImChatUserList {
    const NAME: &'static str = "im.chat.user.list";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Lists the ids of a chat's members; empty for who may not see them.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[ParamSpec::required(
        "CHAT_ID",
        ParamType::Integer,
        "The chat's number.",
    )]];
    type Params = ChatId;
    type Output = Vec<i64>;
    type Error = UserListError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Self::Params, UserListError> {
        parse::chat(params, "CHAT_ID").ok_or(UserListError::ChatIdEmpty)
    }

    fn call(cx: &mut MethodCx<'_>, params: &Self::Params) -> Answer<Self> {
        let ids = people::list_ids(&mut cx.app, *params)?
            .ok_or(Refused::Because(UserListError::AccessError))?;
        Ok(ids.into_iter().map(UserId::get).collect::<Vec<_>>().into())
    }
}
