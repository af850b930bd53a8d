//! `imbot.v2.Chat.TextField.enabled`: a bot shows or hides the input field of a chat.
//!
//! Any bot that is in the chat may, whatever it is there. Clients show the field or not; a message that is sent without one is sent.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::text_field::{self, NotMember},
};
use readmark_model::Scope;

use crate::{
    bot_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse::{self, DialogParam},
    },
    methods::bot_v2::auth,
    objects::Done,
    wire::Params,
};

/// See the module.
pub struct ImbotV2ChatTextFieldEnabled;

/// Parameters.
pub struct FieldParams {
    claim: Claim,
    dialog: Option<DialogParam>,
    enabled: bool,
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
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        auth::BOT_TOKEN,
        auth::DIALOG_ID,
        ParamSpec::optional(
            "enabled",
            ParamType::Boolean,
            "Whether there is a field; there is when this is left out.",
        ),
    ]];
    type Params = FieldParams;
    type Output = Done;
    type Error = TextFieldError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<FieldParams, TextFieldError> {
        Ok(FieldParams {
            claim: auth::claim(params),
            dialog: parse::dialog(params, "dialogId"),
            enabled: parse::flag(params, "enabled", true),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &FieldParams) -> Answer<Self> {
        const DENIED: Refused<TextFieldError> = Refused::Because(TextFieldError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.as_ref().ok_or(DENIED)?;
        let id = chat::find(app, dialog.id)?.ok_or(DENIED)?;
        text_field::enable(app, id, params.enabled)
            .map_err(|refused| refused.map(|NotMember| TextFieldError::AccessDenied))?;
        Ok(Done::YES.into())
    }
}
