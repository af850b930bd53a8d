//! `im.chat.leave`: leaves a chat (rule R6).

use readmark_app::{
    Refused,
    chat::depart::{self, DepartRefusal},
};
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    methods::im::other_names::{NumberedChat, from_not_named},
    params,
};

/// `im.chat.leave`.
pub struct ImChatLeave;

params! {
    /// Parameters of `im.chat.leave`.
    pub struct LeaveParams: LeaveError {
        group chat: NumberedChat;
    }
}

error_set! {
    /// Errors of `im.chat.leave`.
    pub enum LeaveError {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// There is no such chat, or it is a private one.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// A workgroup's chat is not left by itself.
        Fixed = 403 "ACCESS_ERROR" "It is forbidden to delete users of this chat",
        /// The caller is not a member, or owns a chat that its owner cannot leave.
        NoRight = 403 "ACCESS_DENIED_KICK" "Access denied to kick user from chat",
    }
}

impl From<DepartRefusal> for LeaveError {
    fn from(refusal: DepartRefusal) -> Self {
        match refusal {
            DepartRefusal::NotAvailable => Self::NotAvailable,
            DepartRefusal::Fixed => Self::Fixed,
            DepartRefusal::NoRight | DepartRefusal::OwnerStays | DepartRefusal::NotMember => {
                Self::NoRight
            }
        }
    }
}

from_not_named!(LeaveError, ChatIdEmpty);

impl Method for ImChatLeave {
    const NAME: &'static str = "im.chat.leave";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Leaves a chat.";
    type Params = LeaveParams;
    type Output = bool;
    type Error = LeaveError;

    fn call(cx: &mut MethodCx<'_>, params: &LeaveParams) -> Answer<Self> {
        let chat = params.chat.find(cx)?;
        let chat = chat.ok_or(Refused::Because(LeaveError::NotAvailable))?;
        depart::leave(&mut cx.app, chat).map_err(|refused| refused.map(LeaveError::from))?;
        Ok(true.into())
    }
}
