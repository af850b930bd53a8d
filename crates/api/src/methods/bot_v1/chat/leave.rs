//! `imbot.chat.leave`: a bot leaves a chat (rule R6), as `im.chat.leave` for users.

use readmark_app::{
    Refused,
    chat::depart::{self, DepartRefusal},
};
use readmark_model::Scope;

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::{
        bot_v1::call::ForBot,
        im::chat::leave::{ImChatLeave, LeaveError as Inner},
    },
};

/// `imbot.chat.leave`.
pub struct ImbotChatLeave;

bot_v1_error_set! {
    /// Errors of `imbot.chat.leave`.
    pub enum BotLeaveError: "Bot was installed by another rest application" {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// There is no such chat for the bot, or it is a private one.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// A workgroup's chat is not left by itself.
        Fixed = 403 "ACCESS_ERROR" "It is forbidden to delete users of this chat",
        /// The bot owns a chat that its owner cannot leave.
        OwnerStays = 403 "ACCESS_ERROR" "LEAVE_OWNER_FORBIDDEN",
        /// The bot is not a member.
        NotMember = 400 "WRONG_REQUEST" "You don't have access or user isn't a member in chat",
    }
}

impl From<Inner> for BotLeaveError {
    fn from(error: Inner) -> Self {
        match error {
            Inner::ChatIdEmpty => Self::ChatIdEmpty,
            Inner::NotAvailable => Self::NotAvailable,
            Inner::Fixed => Self::Fixed,
            Inner::NoRight => Self::NotMember,
        }
    }
}

impl From<DepartRefusal> for BotLeaveError {
    fn from(refusal: DepartRefusal) -> Self {
        match refusal {
            DepartRefusal::NotAvailable => Self::NotAvailable,
            DepartRefusal::Fixed => Self::Fixed,
            DepartRefusal::OwnerStays => Self::OwnerStays,
            DepartRefusal::NoRight | DepartRefusal::NotMember => Self::NotMember,
        }
    }
}

impl Method for ImbotChatLeave {
    const NAME: &'static str = "imbot.chat.leave";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Makes a bot leave a chat.";
    type Params = ForBot<<ImChatLeave as Method>::Params, BotLeaveError>;
    type Output = bool;
    type Error = BotLeaveError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        let chat = call.enter(cx)?.chat.find(cx)?;
        let chat = chat.ok_or(Refused::Because(BotLeaveError::NotAvailable))?;
        depart::leave(&mut cx.app, chat).map_err(|refused| refused.map(BotLeaveError::from))?;
        Ok(true.into())
    }
}
