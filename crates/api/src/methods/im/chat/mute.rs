//! `im.chat.mute`: mutes a chat for the caller, or unmutes it (rule R7).

use readmark_app::{Refused, recent};
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set,
    methods::im::chat_param::{AnyChat, from_wrong_chat},
    params,
};

/// `im.chat.mute`.
pub struct ImChatMute;

params! {
    /// Parameters of `im.chat.mute`.
    pub struct MuteParams: MuteError {
        group chat: AnyChat;
        /// `Y` mutes, `N` unmutes; `Y` when left out.
        optional mute: bool = "MUTE", yes_no(true);
    }
}

error_set! {
    /// Errors of `im.chat.mute`.
    pub enum MuteError {
        /// Neither `CHAT_ID` nor `DIALOG_ID` is given, or `CHAT_ID` is not a positive whole number.
        ChatIdEmpty = 400 "CHAT_ID_EMPTY" "Chat ID can't be empty",
        /// `DIALOG_ID` is given, and empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// There is no such chat, or the caller is not a member of it.
        AccessError = 403 "ACCESS_ERROR" "This chat cannot be muted",
    }
}

from_wrong_chat!(MuteError);

impl Method for ImChatMute {
    const NAME: &'static str = "im.chat.mute";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Mutes a chat for the caller, or unmutes it.";
    type Params = MuteParams;
    type Output = bool;
    type Error = MuteError;

    fn call(cx: &mut MethodCx<'_>, params: &MuteParams) -> Answer<Self> {
        if recent::mute(&mut cx.app, params.chat.0, params.mute)? {
            Ok(true.into())
        } else {
            Err(Refused::Because(MuteError::AccessError))
        }
    }
}
