//! `im.v2.Chat.Bot.sendContext`: passes a context to the bots of a dialog when it is opened.
//!
//! It has no page of its own; the page "Passing Context to the Bot" names parameters and event. In a private chat the bot gets the
//! context, in a group every bot in it, mentioned or not. A context is a JSON object of at most 64 KiB; PHP turns an empty one into
//! an empty list.

use readmark_app::bot::context::{self, ContextRefusal};
use readmark_model::{DialogId, Scope};
use serde_json::Value;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{ParamType, ReadCx},
    },
    error_set, params,
    wire::Field,
};

/// Maximum length of a context, in bytes of JSON.
const MAX_BYTES: usize = 64 * 1024;

/// `im.v2.Chat.Bot.sendContext`.
pub struct ImV2ChatBotSendContext;

params! {
    /// Parameters of `im.v2.Chat.Bot.sendContext`.
    pub struct ContextParams: ContextError {
        /// The dialog: the id of a bot, or `chatN`.
        required dialog: DialogId = "dialogId", or(DialogIdEmpty);
        /// The context for the bots.
        required context: String = "context", by(context), kind(ParamType::Object);
    }
}

error_set! {
    /// Errors of `im.v2.Chat.Bot.sendContext`.
    pub enum ContextError {
        /// `dialogId` is missing or none.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// `context` is missing, not an object, or too long.
        ContextError = 400 "CONTEXT_ERROR" "Context must be an object of at most 64 KiB",
        /// The dialog names no chat, or the caller is not a member of it.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
        /// No bot in the dialog receives contexts.
        BotNotFound = 400 "BOT_NOT_FOUND" "Bot not found",
    }
}

impl Method for ImV2ChatBotSendContext {
    const NAME: &'static str = "im.v2.Chat.Bot.sendContext";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Passes a context to the bots of a dialog.";
    type Params = ContextParams;
    type Output = bool;
    type Error = ContextError;

    fn call(cx: &mut MethodCx<'_>, params: &ContextParams) -> Answer<Self> {
        context::send(&mut cx.app, params.dialog, params.context.clone()).map_err(|refused| {
            refused.map(|reason| match reason {
                ContextRefusal::NoAccess => ContextError::AccessDenied,
                ContextRefusal::NoBot => ContextError::BotNotFound,
            })
        })?;
        Ok(true.into())
    }
}

/// The object as JSON.
fn context(field: Field<'_>, _: &ReadCx<'_>) -> Result<String, ContextError> {
    let context = match field.raw() {
        Some(object @ Value::Object(_)) => object.to_string(),
        Some(Value::Array(items)) if items.is_empty() => "{}".to_owned(),
        _ => return Err(ContextError::ContextError),
    };
    if context.len() > MAX_BYTES {
        return Err(ContextError::ContextError);
    }
    Ok(context)
}
