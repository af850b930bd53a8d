//! `imbot.chat.user.add`: a bot adds members (rule R5), as `im.chat.user.add` of users.

use readmark_app::{
    Refused,
    chat::invite::{self, InviteRefusal},
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
pub struct ImbotChatUserAdd;

/// Parameters.
pub struct InviteParams {
    chat: ChatId,
    users: Vec<UserId>,
    history_shown: bool,
}

bot_v1_error_set! {
    /// Errors of `imbot.chat.user.add`.
    pub enum BotInviteError: "Bot was installed by another rest application" {
        /// `CHAT_ID` is missing or no positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// There is no such chat, or the bot may not look into it.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// Nobody is added to a private chat or a workgroup's.
        Fixed = 403 "ACCESS_ERROR" "It is forbidden to add users to this chat",
        /// `USERS` is missing or no list.
        WrongFormat = 400 "WRONG_REQUEST" "User IDs must be passed in array format",
        /// The bot may not add members, or all of the users are in the chat, unknown or dismissed.
        NobodyAdded = 400 "WRONG_REQUEST" "You don't have access or user already member in chat",
    }
}

impl From<InviteRefusal> for BotInviteError {
    fn from(refusal: InviteRefusal) -> Self {
        match refusal {
            InviteRefusal::NotAvailable => Self::NotAvailable,
            InviteRefusal::Fixed => Self::Fixed,
            InviteRefusal::NoRight => Self::NobodyAdded,
        }
    }
}

impl Method for ImbotChatUserAdd {
    const NAME: &'static str = "imbot.chat.user.add";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Adds members to a chat as a bot.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("CHAT_ID", ParamType::Integer, "The chat's number."),
        ParamSpec::required("USERS", ParamType::Array, "The users."),
        ParamSpec::optional(
            "HIDE_HISTORY",
            ParamType::Boolean,
            "`N` shows them what was said before; `Y` when left out.",
        ),
        auth::ANY_BOT_ID,
        auth::CLIENT_ID,
    ]];
    type Params = BotCall<InviteParams, BotInviteError>;
    type Output = bool;
    type Error = BotInviteError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Self::Params, BotInviteError> {
        Ok(call::read_with(params, own(params)))
    }

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        let invited = call::enter(cx, call)?;
        let added = invite::invite(
            &mut cx.app,
            invited.chat,
            &invited.users,
            invited.history_shown,
        )
        .map_err(|refused| refused.map(BotInviteError::from))?;
        if added.is_empty() {
            return Err(Refused::Because(BotInviteError::NobodyAdded));
        }
        Ok(true.into())
    }
}

fn own(params: &Params) -> Result<InviteParams, BotInviteError> {
    let chat = parse::chat(params, "CHAT_ID").ok_or(BotInviteError::ChatIdEmpty)?;
    if !params.get("USERS").is_list() {
        return Err(BotInviteError::WrongFormat);
    }
    Ok(InviteParams {
        chat,
        users: parse::users(params, "USERS"),
        history_shown: !parse::flag(params, "HIDE_HISTORY", true),
    })
}
