//! `im.chat.user.list`: lists the ids of a chat's members.

use readmark_app::{Refused, chat::people};
use readmark_model::{Scope, UserId};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    methods::im::other_names::{NumberedChat, from_not_named},
    params,
};

/// `im.chat.user.list`.
pub struct ImChatUserList;

params! {
    /// Parameters of `im.chat.user.list`.
    pub struct UserListParams: UserListError {
        group chat: NumberedChat;
    }
}

error_set! {
    /// Errors of `im.chat.user.list`.
    pub enum UserListError {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// There is no such chat.
        AccessError = 403 "ACCESS_ERROR" "Action unavailable",
    }
}

from_not_named!(UserListError, ChatIdEmpty);

impl Method for ImChatUserList {
    const NAME: &'static str = "im.chat.user.list";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Lists the ids of a chat's members; empty for callers who may not see them.";
    type Params = UserListParams;
    type Output = Vec<i64>;
    type Error = UserListError;

    fn call(cx: &mut MethodCx<'_>, params: &UserListParams) -> Answer<Self> {
        let chat = params.chat.find(cx)?;
        let chat = chat.ok_or(Refused::Because(UserListError::AccessError))?;
        let ids = people::list_ids(&mut cx.app, chat)?
            .ok_or(Refused::Because(UserListError::AccessError))?;
        Ok(ids.into_iter().map(UserId::get).collect::<Vec<_>>().into())
    }
}
