//! `imbot.chat.setManager`: a bot makes a member of its chat a manager, or an ordinary member again.

use readmark_app::{
    Refused,
    chat::managers::{self, ManagersRefusal},
};
use readmark_model::{ChatId, Scope, UserId};

use crate::{
    bot_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    methods::bot_v1::{
        auth,
        call::{self, BotCall},
    },
    wire::Params,
};

/// See the module.
pub struct ImbotChatSetManager;

/// Parameters.
pub struct ManagerParams {
    chat: ChatId,
    user: UserId,
    manage: bool,
}

bot_v1_error_set! {
    /// Errors of `imbot.chat.setManager`.
    pub enum BotSetManagerError: "Bot was installed by another rest application" {
        /// `CHAT_ID` is missing or no positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `USER_ID` is missing or no positive whole number.
        UserIdEmpty = 400 "USER_ID_EMPTY" "User ID can't be empty",
        /// There is no such chat for the bot, the bot does not own it, or the user is no member.
        WrongRequest = 400 "WRONG_REQUEST" "Change manager can only owner and user must be member in chat",
    }
}

impl Method for ImbotChatSetManager {
    const NAME: &'static str = "imbot.chat.setManager";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Makes a member of a chat that a bot owns a manager, or an ordinary member again.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("CHAT_ID", ParamType::Integer, "The chat's number."),
        ParamSpec::required("USER_ID", ParamType::Integer, "The member."),
        ParamSpec::optional(
            "IS_MANAGER",
            ParamType::Boolean,
            "`N` for an ordinary member; `Y` when left out.",
        ),
        auth::ANY_BOT_ID,
        auth::CLIENT_ID,
    ]];
    type Params = BotCall<ManagerParams, BotSetManagerError>;
    type Output = bool;
    type Error = BotSetManagerError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Self::Params, BotSetManagerError> {
        Ok(call::read_with(params, own(params)))
    }

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        const WRONG: Refused<BotSetManagerError> =
            Refused::Because(BotSetManagerError::WrongRequest);
        let wanted = call::enter(cx, call)?;
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

fn own(params: &Params) -> Result<ManagerParams, BotSetManagerError> {
    Ok(ManagerParams {
        chat: parse::chat(params, "CHAT_ID").ok_or(BotSetManagerError::ChatIdEmpty)?,
        user: parse::user(params, "USER_ID").ok_or(BotSetManagerError::UserIdEmpty)?,
        manage: parse::flag(params, "IS_MANAGER", true),
    })
}
