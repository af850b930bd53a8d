//! `imbot.chat.setManager`: a bot makes a member of its chat a manager, or an ordinary member again.

use readmark_app::{
    Refused,
    chat::managers::{self, ManagersRefusal},
};
use readmark_model::{ChatId, Scope, UserId};

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v1::call::ForBot,
    params,
};

/// `imbot.chat.setManager`.
pub struct ImbotChatSetManager;

params! {
    /// Parameters of `imbot.chat.setManager`.
    pub struct ManagerParams: BotSetManagerError {
        /// The chat's number.
        required chat: ChatId = "CHAT_ID", or(ChatIdEmpty);
        /// The member.
        required user: UserId = "USER_ID", or(UserIdEmpty);
        /// `N` for an ordinary member; `Y` when left out.
        optional manage: bool = "IS_MANAGER", default(true);
    }
}

bot_v1_error_set! {
    /// Errors of `imbot.chat.setManager`.
    pub enum BotSetManagerError: "Bot was installed by another rest application" {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `USER_ID` is missing or not a positive whole number.
        UserIdEmpty = 400 "USER_ID_EMPTY" "User ID can't be empty",
        /// There is no such chat for the bot, the bot does not own it, or the user is not a member.
        WrongRequest = 400 "WRONG_REQUEST" "Change manager can only owner and user must be member in chat",
    }
}

impl Method for ImbotChatSetManager {
    const NAME: &'static str = "imbot.chat.setManager";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Makes a member of a chat that a bot owns a manager, or an ordinary member again.";
    type Params = ForBot<ManagerParams, BotSetManagerError>;
    type Output = bool;
    type Error = BotSetManagerError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        const WRONG: Refused<BotSetManagerError> =
            Refused::Because(BotSetManagerError::WrongRequest);
        let wanted = call.enter(cx)?;
        let members = managers::set(&mut cx.app, wanted.chat, &[wanted.user], wanted.manage)
            .map_err(|refused| {
                refused.map(|reason| match reason {
                    ManagersRefusal::NotAvailable | ManagersRefusal::NotOwner => {
                        BotSetManagerError::WrongRequest
                    }
                })
            })?;
        if members == 0 {
            return Err(WRONG);
        }
        Ok(true.into())
    }
}
