//! `im.chat.mute`: mutes a chat for the caller, or unmutes it (rule R7).

use readmark_app::{Refused, recent};
use readmark_model::{DialogId, Scope};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    wire::Params,
};

/// See the module.
pub struct ImChatMute;

/// Parameters.
pub struct MuteParams {
    dialog: DialogId,
    muted: bool,
}

error_set! {
    /// Errors of `im.chat.mute`.
    pub enum MuteError {
        /// Neither `CHAT_ID` nor `DIALOG_ID` is given, or `CHAT_ID` is no positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `DIALOG_ID` is given, and empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// There is no such chat, or the caller is no member of it.
        AccessError = 403 "ACCESS_ERROR" "This chat cannot be muted",
    }
}

impl Method for ImChatMute {
    const NAME: &'static str = "im.chat.mute";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Mutes a chat for the caller, or unmutes it.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "CHAT_ID",
            ParamType::Integer,
            "The chat's number; this or `DIALOG_ID` is needed.",
        ),
        ParamSpec::optional(
            "DIALOG_ID",
            ParamType::String,
            "The dialog: `chatN`, `sgN`, or the id of a user.",
        ),
        ParamSpec::optional(
            "MUTE",
            ParamType::String,
            "`Y` mutes, `N` unmutes; `Y` when left out.",
        ),
    ]];
    type Params = MuteParams;
    type Output = bool;
    type Error = MuteError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Self::Params, MuteError> {
        let muted = parse::flag(params, "MUTE", true);
        if params.get("DIALOG_ID").raw().is_some() && params.get("CHAT_ID").is_absent() {
            let dialog = parse::dialog(params, "DIALOG_ID")
                .ok_or(MuteError::DialogIdEmpty)?
                .id;
            return Ok(MuteParams { dialog, muted });
        }
        let chat = parse::chat(params, "CHAT_ID").ok_or(MuteError::ChatIdEmpty)?;
        Ok(MuteParams {
            dialog: DialogId::Chat(chat),
            muted,
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &Self::Params) -> Answer<Self> {
        if recent::mute(&mut cx.app, params.dialog, params.muted)? {
            Ok(true.into())
        } else {
            Err(Refused::Because(MuteError::AccessError))
        }
    }
}
