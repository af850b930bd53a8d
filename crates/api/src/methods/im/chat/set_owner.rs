//! `im.chat.setOwner`: transfers ownership of a chat to a member.

use readmark_app::chat::owner::{self, OwnerRefusal};
use readmark_model::{Scope, UserId};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    methods::im::chat_param::{GroupChat, from_wrong_chat},
    params,
};

/// `im.chat.setOwner`.
pub struct ImChatSetOwner;

params! {
    /// Parameters of `im.chat.setOwner`.
    pub struct OwnerParams: OwnerError {
        group chat: GroupChat;
        /// The new owner, a member.
        required owner: UserId = "USER_ID", or(UserIdEmpty);
    }
}

error_set! {
    /// Errors of `im.chat.setOwner`.
    pub enum OwnerError {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `DIALOG_ID` is not `chatN`.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// `USER_ID` is missing or not a positive whole number.
        UserIdEmpty = 400 "USER_ID_EMPTY" "User ID can't be empty",
        /// There is no such chat, the caller is not a member, or it is a private chat or a workgroup's.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// The caller is not the owner, or the new owner is not a member.
        WrongRequest = 400 "WRONG_REQUEST" "Change owner can only owner and user must be member in chat",
    }
}

from_wrong_chat!(OwnerError);

impl Method for ImChatSetOwner {
    const NAME: &'static str = "im.chat.setOwner";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Makes a member the owner of a chat; the previous owner becomes an ordinary member.";
    type Params = OwnerParams;
    type Output = bool;
    type Error = OwnerError;

    fn call(cx: &mut MethodCx<'_>, params: &OwnerParams) -> Answer<Self> {
        owner::set_owner(&mut cx.app, params.chat.0, params.owner).map_err(|refused| {
            refused.map(|reason| match reason {
                OwnerRefusal::NotAvailable => OwnerError::NotAvailable,
                OwnerRefusal::NotOwnerOrMember => OwnerError::WrongRequest,
            })
        })?;
        Ok(true.into())
    }
}
