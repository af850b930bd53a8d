//! `imbot.chat.user.list`: a bot lists the ids of a chat's members, as `im.chat.user.list` for users.

use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::{
        bot_v1::call::ForBot,
        im::chat::user_list::{ImChatUserList, UserListError as Inner},
    },
};

/// `imbot.chat.user.list`.
pub struct ImbotChatUserList;

bot_v1_error_set! {
    /// Errors of `imbot.chat.user.list`.
    pub enum BotUserListError: "Bot was installed by another rest application" {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// There is no such chat.
        AccessError = 403 "ACCESS_ERROR" "Action unavailable",
    }
}

impl From<Inner> for BotUserListError {
    fn from(error: Inner) -> Self {
        match error {
            Inner::ChatIdEmpty => Self::ChatIdEmpty,
            Inner::AccessError => Self::AccessError,
        }
    }
}

impl Method for ImbotChatUserList {
    const NAME: &'static str = "imbot.chat.user.list";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Lists the ids of a chat's members; empty for a bot that may not see them.";
    type Params = ForBot<<ImChatUserList as Method>::Params, BotUserListError>;
    type Output = <ImChatUserList as Method>::Output;
    type Error = BotUserListError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        call.call::<ImChatUserList>(cx)
    }
}
