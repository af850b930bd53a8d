//! `imbot.chat.user.add`: a bot adds members (rule R5), as `im.chat.user.add` for users.

use readmark_app::{
    Refused,
    chat::invite::{self, InviteRefusal},
};
use readmark_model::{ChatId, Scope, UserId};

use crate::{
    bot_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Given, ParamType, ParamValue, ReadCx},
    },
    methods::bot_v1::call::ForBot,
    params,
    wire::Field,
};

/// `imbot.chat.user.add`.
pub struct ImbotChatUserAdd;

params! {
    /// Parameters of `imbot.chat.user.add`.
    pub struct InviteParams: BotInviteError {
        /// The chat's number.
        required chat: ChatId = "CHAT_ID", or(ChatIdEmpty);
        /// The users.
        required users: Vec<UserId> = "USERS", by(users), kind(ParamType::ArrayOf(&ParamType::Integer));
        /// `N` shows them what was said before; `Y` when left out.
        optional history_hidden: bool = "HIDE_HISTORY", default(true);
    }
}

bot_v1_error_set! {
    /// Errors of `imbot.chat.user.add`.
    pub enum BotInviteError: "Bot was installed by another rest application" {
        /// `CHAT_ID` is missing or not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// There is no such chat, or the bot may not look into it.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// Nobody is added to a private chat or a workgroup's.
        Fixed = 403 "ACCESS_ERROR" "It is forbidden to add users to this chat",
        /// `USERS` is missing, is not a list, or holds no positive whole number.
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
    type Params = ForBot<InviteParams, BotInviteError>;
    type Output = bool;
    type Error = BotInviteError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        let invited = call.enter(cx)?;
        let added = invite::invite(
            &mut cx.app,
            invited.chat,
            &invited.users,
            !invited.history_hidden,
        )
        .map_err(|refused| refused.map(BotInviteError::from))?;
        if added.is_empty() {
            return Err(Refused::Because(BotInviteError::NobodyAdded));
        }
        Ok(true.into())
    }
}

fn users(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Vec<UserId>, BotInviteError> {
    if !field.is_list() {
        return Err(BotInviteError::WrongFormat);
    }
    match Vec::read(field, cx) {
        Given::Valid(users) => Ok(users),
        Given::Absent | Given::Malformed => Err(BotInviteError::WrongFormat),
    }
}
