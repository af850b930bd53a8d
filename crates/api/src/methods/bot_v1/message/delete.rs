//! `imbot.message.delete`: a bot deletes a message (rule R9).

use readmark_app::message::delete::{self, CannotEdit, Deletion};
use readmark_model::{MessageId, Scope};

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v1::call::ForBot,
    params,
};

/// `imbot.message.delete`.
pub struct ImbotMessageDelete;

params! {
    /// Parameters of `imbot.message.delete`.
    pub struct DeleteParams: BotDeleteError {
        /// The message.
        required message: MessageId = "MESSAGE_ID", or(MessageIdError);
        /// `Y` leaves no sign of it, also where it was viewed.
        optional complete: bool = "COMPLETE", default(false);
    }
}

bot_v1_error_set! {
    /// Errors of `imbot.message.delete`.
    pub enum BotDeleteError: "Bot was installed by another REST application" {
        /// `MESSAGE_ID` is missing or not a positive whole number.
        MessageIdError = 400 "MESSAGE_ID_ERROR" "Message ID can't be empty",
        /// There is no such message, it is deleted, a notice, or another's in a chat that the bot does not manage, cannot be
        /// seen, or the portal's edit period is over.
        CantEditMessage = 403 "CANT_EDIT_MESSAGE" "Time has expired for modification or you don't have access",
    }
}

impl Method for ImbotMessageDelete {
    const NAME: &'static str = "imbot.message.delete";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Deletes a message of a bot, or any in a chat that it manages.";
    type Params = ForBot<DeleteParams, BotDeleteError>;
    type Output = bool;
    type Error = BotDeleteError;

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        let wanted = call.enter(cx)?;
        let deletion = if wanted.complete {
            Deletion::Complete
        } else {
            Deletion::ByRule
        };
        delete::delete(&mut cx.app, wanted.message, deletion)
            .map_err(|refused| refused.map(|CannotEdit| BotDeleteError::CantEditMessage))?;
        Ok(true.into())
    }
}
