//! `imbot.v2.Chat.get`: a bot reads a chat that it is in.
//!
//! A private chat is created at its first mention. The bot is not in an open chat that it has not joined.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    dialog::detail::{self, NoAccess},
};
use readmark_model::{DialogId, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::auth,
    objects::v2_chat::V2Chat,
    params,
};

/// `imbot.v2.Chat.get`.
pub struct ImbotV2ChatGet;

params! {
    /// Parameters of `imbot.v2.Chat.get`.
    pub struct GetParams: BotChatGetError {
        group claim: Claim;
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogId> = "dialogId", lenient;
    }
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BotChat {
    /// The chat.
    pub chat: V2Chat,
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.get`.
    pub enum BotChatGetError {
        /// The bot is not in the chat, or `dialogId` is missing or names no chat.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
    }
}

impl Method for ImbotV2ChatGet {
    const NAME: &'static str = "imbot.v2.Chat.get";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns everything about a chat that a bot is in.";
    type Params = GetParams;
    type Output = BotChat;
    type Error = BotChatGetError;

    fn call(cx: &mut MethodCx<'_>, params: &GetParams) -> Answer<Self> {
        const DENIED: Refused<BotChatGetError> = Refused::Because(BotChatGetError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.ok_or(DENIED)?;
        chat::find(app, dialog)?.ok_or(DENIED)?;
        let detail = detail::get(app, dialog)
            .map_err(|refused| refused.map(|NoAccess| BotChatGetError::AccessDenied))?;
        let chat = V2Chat::new(&detail, app.user, cx.portal);
        Ok(BotChat { chat }.into())
    }
}
