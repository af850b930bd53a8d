//! `imbot.v2.Chat.TextField.enabled`: a bot shows or hides the input field of a chat.
//!
//! Any bot in the chat may, whatever its role. The field only concerns clients: messages can be sent without it.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::text_field::{self, NotMember},
};
use readmark_model::{DialogId, Scope};

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::auth,
    objects::Done,
    params,
};

/// `imbot.v2.Chat.TextField.enabled`.
pub struct ImbotV2ChatTextFieldEnabled;

params! {
    /// Parameters of `imbot.v2.Chat.TextField.enabled`.
    pub struct FieldParams: TextFieldError {
        group claim: Claim;
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogId> = "dialogId", lenient;
        /// Whether there is a field; there is when this is left out.
        optional enabled: bool = "enabled", default(true);
    }
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.TextField.enabled`.
    pub enum TextFieldError {
        /// The bot is not in the chat, or `dialogId` is missing or names no chat.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
    }
}

impl Method for ImbotV2ChatTextFieldEnabled {
    const NAME: &'static str = "imbot.v2.Chat.TextField.enabled";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Shows or hides the input field of a chat as a bot.";
    type Params = FieldParams;
    type Output = Done;
    type Error = TextFieldError;

    fn call(cx: &mut MethodCx<'_>, params: &FieldParams) -> Answer<Self> {
        const DENIED: Refused<TextFieldError> = Refused::Because(TextFieldError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.ok_or(DENIED)?;
        let id = chat::find(app, dialog)?.ok_or(DENIED)?;
        text_field::enable(app, id, params.enabled)
            .map_err(|refused| refused.map(|NotMember| TextFieldError::AccessDenied))?;
        Ok(Done::YES.into())
    }
}
