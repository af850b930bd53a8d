//! `imbot.chat.user.delete`: a bot removes a member (rule R6), as `im.chat.user.delete` of users.

use readmark_app::chat::depart::{self, DepartRefusal};
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
pub struct ImbotChatUserDelete;

bot_v1_error_set! {
    /// Errors of `imbot.chat.user.delete`.
    pub enum BotRemoveError: "Bot was installed by another REST application" {
        /// `CHAT_ID` is missing or no positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `USER_ID` is missing or no positive whole number.
        UserIdEmpty = 400 "USER_ID_EMPTY" "User ID can't be empty",
        /// There is no such chat for the bot, or it is a private one.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// Members of a workgroup's chat follow the workgroup.
        Fixed = 403 "ACCESS_ERROR" "It is forbidden to delete users of this chat",
        /// The user owns the chat.
        OwnerStays = 403 "ACCESS_ERROR" "LEAVE_OWNER_FORBIDDEN",
        /// The bot may not remove others, or not this one, or the user is no member.
        WrongRequest = 400 "WRONG_REQUEST" "You don't have access or user isn't a member of the chat",
    }
}

impl From<DepartRefusal> for BotRemoveError {
    fn from(refusal: DepartRefusal) -> Self {
        match refusal {
            DepartRefusal::NotAvailable => Self::NotAvailable,
            DepartRefusal::Fixed => Self::Fixed,
            DepartRefusal::OwnerStays => Self::OwnerStays,
            DepartRefusal::NoRight | DepartRefusal::NotMember => Self::WrongRequest,
        }
    }
}

impl Method for ImbotChatUserDelete {
    const NAME: &'static str = "imbot.chat.user.delete";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Removes a member from a chat as a bot.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("CHAT_ID", ParamType::Integer, "The chat's number."),
        ParamSpec::required("USER_ID", ParamType::Integer, "The member."),
        auth::ANY_BOT_ID,
        auth::CLIENT_ID,
    ]];
    type Params = BotCall<(ChatId, UserId), BotRemoveError>;
    type Output = bool;
    type Error = BotRemoveError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Self::Params, BotRemoveError> {
        Ok(call::read_with(params, own(params)))
    }

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        let (chat, user) = *call::enter(cx, call)?;
        depart::remove(&mut cx.app, chat, user)
            .map_err(|refused| refused.map(BotRemoveError::from))?;
        Ok(true.into())
    }
}

fn own(params: &Params) -> Result<(ChatId, UserId), BotRemoveError> {
    let chat = parse::chat(params, "CHAT_ID").ok_or(BotRemoveError::ChatIdEmpty)?;
    let user = parse::user(params, "USER_ID").ok_or(BotRemoveError::UserIdEmpty)?;
    Ok((chat, user))
}
