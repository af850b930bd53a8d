//! `im.chat.user.add`: adds members (rule R5).

use readmark_app::{
    Refused,
    chat::invite::{self, InviteRefusal},
};
use readmark_model::{Scope, UserId};

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    methods::im::other_names::{NumberedChat, from_not_named},
    params,
};

/// `im.chat.user.add`.
pub struct ImChatUserAdd;

params! {
    /// Parameters of `im.chat.user.add`.
    pub struct InviteParams: InviteError {
        group chat: NumberedChat;
        /// Who is added.
        required users: Vec<UserId> = "USERS", typed;
        /// `Y` hides what was sent before; `Y` when left out.
        optional hide_history: bool = "HIDE_HISTORY", yes_no(true);
    }
}

error_set! {
    /// Errors of `im.chat.user.add`.
    pub enum InviteError {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// There is no such chat, or the caller may not look into it.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// Nobody is added to a private chat or a workgroup's.
        Fixed = 403 "ACCESS_ERROR" "It is forbidden to add users to this chat",
        /// The caller may not add members.
        NoRight = 403 "ACCESS_DENIED_EXTEND" "Insufficient permissions to add participants to the chat",
    }
}

impl From<InviteRefusal> for InviteError {
    fn from(refusal: InviteRefusal) -> Self {
        match refusal {
            InviteRefusal::NotAvailable => Self::NotAvailable,
            InviteRefusal::Fixed => Self::Fixed,
            InviteRefusal::NoRight => Self::NoRight,
        }
    }
}

from_not_named!(InviteError, ChatIdEmpty);

impl Method for ImChatUserAdd {
    const NAME: &'static str = "im.chat.user.add";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Adds members to a chat.";
    type Params = InviteParams;
    type Output = bool;
    type Error = InviteError;

    fn call(cx: &mut MethodCx<'_>, params: &InviteParams) -> Answer<Self> {
        let chat = params.chat.find(cx)?;
        let chat = chat.ok_or(Refused::Because(InviteError::NotAvailable))?;
        invite::invite(&mut cx.app, chat, &params.users, !params.hide_history)
            .map_err(|refused| refused.map(InviteError::from))?;
        Ok(true.into())
    }
}
