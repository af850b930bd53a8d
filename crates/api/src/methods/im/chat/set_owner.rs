//! `im.chat.setOwner`: hands a chat over to a member.

use readmark_app::chat::owner::{self, OwnerRefusal};
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
pub struct ImChatSetOwner;

/// Parameters.
pub struct OwnerParams {
    chat: ChatId,
    owner: UserId,
}

error_set! {
    /// Errors of `im.chat.setOwner`.
    pub enum OwnerError {
        /// `CHAT_ID` is missing or no positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `DIALOG_ID` is not `chatN`.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// `USER_ID` is missing or no positive whole number.
        UserIdEmpty = 400 "USER_ID_EMPTY" "User ID can't be empty",
        /// There is no such chat, the caller is no member, or it is a private chat or a workgroup's.
        NotAvailable = 403 "ACCESS_ERROR" "Action unavailable",
        /// The caller is not the owner, or the new owner is no member.
        WrongRequest = 400 "WRONG_REQUEST" "Change owner can only owner and user must be member in chat",
    }
}

parse::from_group_param!(OwnerError);

impl Method for ImChatSetOwner {
    const NAME: &'static str = "im.chat.setOwner";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Makes a member the owner of a chat; who was it becomes an ordinary member.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "CHAT_ID",
            ParamType::Integer,
            "The chat's number; this or `DIALOG_ID` is needed.",
        ),
        ParamSpec::optional("DIALOG_ID", ParamType::String, "The chat as `chatN`."),
        ParamSpec::required("USER_ID", ParamType::Integer, "The new owner, a member."),
    ]];
    type Params = OwnerParams;
    type Output = bool;
    type Error = OwnerError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Self::Params, OwnerError> {
        let chat = parse::group_chat(params)?;
        let owner = parse::user(params, "USER_ID").ok_or(OwnerError::UserIdEmpty)?;
        Ok(OwnerParams { chat, owner })
    }

    fn call(cx: &mut MethodCx<'_>, params: &Self::Params) -> Answer<Self> {
        owner::set_owner(&mut cx.app, params.chat, params.owner).map_err(|refused| {
            refused.map(|reason| match reason {
                OwnerRefusal::NotAvailable => OwnerError::NotAvailable,
                OwnerRefusal::NotOwnerOrMember => OwnerError::WrongRequest,
            })
        })?;
        Ok(true.into())
    }
}
