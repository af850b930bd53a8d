//! `imbot.v2.Chat.Message.delete`: a bot deletes a message (rule R9).
//!
//! The bot may delete its own messages, except system messages, and any message of a group chat that it manages. Without `complete` a
//! tombstone stays if somebody has viewed the message, as the rule says.

use readmark_app::{
    Refused,
    bot::access::Claim,
    message::delete::{self, CannotEdit, Deletion},
};
use readmark_model::{MessageId, Scope};

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::auth,
    objects::Done,
    params,
};

/// `imbot.v2.Chat.Message.delete`.
pub struct ImbotV2ChatMessageDelete;

params! {
    /// Parameters of `imbot.v2.Chat.Message.delete`.
    pub struct DeleteParams: BotDeleteError {
        group claim: Claim;
        /// The message.
        required message: Option<MessageId> = "messageId", lenient;
        /// Whether nothing is left of it, even where somebody viewed it.
        optional complete: bool = "complete", default(false);
    }
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.Message.delete`.
    pub enum BotDeleteError {
        /// There is no such message, it is deleted, a notice, or not the bot's own in a chat that it does not manage, it cannot be
        /// seen, or the portal's edit period is over; or `messageId` is missing or malformed.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
    }
}

impl Method for ImbotV2ChatMessageDelete {
    const NAME: &'static str = "imbot.v2.Chat.Message.delete";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Deletes a message of a bot, or any in a chat that it manages.";
    type Params = DeleteParams;
    type Output = Done;
    type Error = BotDeleteError;

    fn call(cx: &mut MethodCx<'_>, params: &DeleteParams) -> Answer<Self> {
        const DENIED: Refused<BotDeleteError> = Refused::Because(BotDeleteError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let id = params.message.ok_or(DENIED)?;
        let deletion = if params.complete {
            Deletion::Complete
        } else {
            Deletion::ByRule
        };
        delete::delete(app, id, deletion)
            .map_err(|refused| refused.map(|CannotEdit| BotDeleteError::AccessDenied))?;
        Ok(Done::YES.into())
    }
}
