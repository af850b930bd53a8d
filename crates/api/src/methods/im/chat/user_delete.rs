//! `im.chat.user.delete`: removes a member (rule R6).

use readmark_app::{
    Refused,
    chat::depart::{self, DepartRefusal},
};
use readmark_model::{Scope, UserId};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    methods::im::other_names::{NumberedChat, from_not_named},
    params,
};

/// `im.chat.user.delete`.
pub struct ImChatUserDelete;

params! {
    /// Parameters of `im.chat.user.delete`.
    pub struct RemoveParams: RemoveError {
        group chat: NumberedChat;
        /// Who is removed.
        required user: UserId = "USER_ID", or(UserIdEmpty);
    }
}

error_set! {
    /// Errors of `im.chat.user.delete`.
    pub enum RemoveError {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `USER_ID` is missing or not a positive whole number.
        UserIdEmpty = 400 "USER_ID_EMPTY" "User ID can't be empty",
        /// There is no such chat, the caller is not a member, or it is a private chat.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// Members of a workgroup's chat follow the workgroup.
        Fixed = 403 "ACCESS_ERROR" "It is forbidden to delete users of this chat",
        /// The caller may not remove members, or not this one.
        NoRight = 403 "ACCESS_DENIED_KICK" "Insufficient rights to exclude participants from the chat",
        /// The user is not a member.
        NotMember = 400 "USER_NOT_FOUND" "The specified user is not in the chat",
    }
}

impl From<DepartRefusal> for RemoveError {
    fn from(refusal: DepartRefusal) -> Self {
        match refusal {
            DepartRefusal::NotAvailable => Self::NotAvailable,
            DepartRefusal::Fixed => Self::Fixed,
            DepartRefusal::NoRight | DepartRefusal::OwnerStays => Self::NoRight,
            DepartRefusal::NotMember => Self::NotMember,
        }
    }
}

from_not_named!(RemoveError, ChatIdEmpty);

impl Method for ImChatUserDelete {
    const NAME: &'static str = "im.chat.user.delete";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Removes a member from a chat.";
    type Params = RemoveParams;
    type Output = bool;
    type Error = RemoveError;

    fn call(cx: &mut MethodCx<'_>, params: &RemoveParams) -> Answer<Self> {
        let chat = params.chat.find(cx)?;
        let chat = chat.ok_or(Refused::Because(RemoveError::NotAvailable))?;
        depart::remove(&mut cx.app, chat, params.user)
            .map_err(|refused| refused.map(RemoveError::from))?;
        Ok(true.into())
    }
}
