//! `im.chat.user.add`: adds members (rule R5).

use readmark_app::chat::invite::{self, InviteRefusal};
use readmark_model::{ChatId, Scope, UserId};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    wire::Params,
};

/// See the module.
pub struct ImChatUserAdd;

/// Parameters.
pub struct InviteParams {
    chat: ChatId,
    users: Vec<UserId>,
    history_shown: bool,
}

error_set! {
    /// Errors of `im.chat.user.add`.
    pub enum InviteError {
        /// `CHAT_ID` is missing or no positive whole number.
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

impl Method for ImChatUserAdd {
    const NAME: &'static str = "im.chat.user.add";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Adds members to a chat.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("CHAT_ID", ParamType::Integer, "The chat's number."),
        ParamSpec::required("USERS", ParamType::Array, "Who is added."),
        ParamSpec::optional(
            "HIDE_HISTORY",
            ParamType::String,
            "`Y` hides what was sent before; `Y` when left out.",
        ),
    ]];
    type Params = InviteParams;
    type Output = bool;
    type Error = InviteError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Self::Params, InviteError> {
        let chat = parse::chat(params, "CHAT_ID").ok_or(InviteError::ChatIdEmpty)?;
        let history_shown = !parse::flag(params, "HIDE_HISTORY", true);
        Ok(InviteParams {
            chat,
            users: parse::users(params, "USERS"),
            history_shown,
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &Self::Params) -> Answer<Self> {
        invite::invite(
            &mut cx.app,
            params.chat,
            &params.users,
            params.history_shown,
        )
        .map_err(|refused| refused.map(InviteError::from))?;
        Ok(true.into())
    }
}
