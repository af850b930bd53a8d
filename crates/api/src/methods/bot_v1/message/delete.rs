//! `imbot.message.delete`: a bot deletes a message (rule R9).

use readmark_app::message::delete::{self, CannotEdit, Deletion};
use readmark_model::{MessageId, Scope};

use crate::{
    bot_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    methods::bot_v1::{
        auth,
        call::{self, BotCall},
    },
    wire::Params,
};

/// See the module.
pub struct ImbotMessageDelete;

bot_v1_error_set! {
    /// Errors of `imbot.message.delete`.
    pub enum BotDeleteError: "Bot was installed by another REST application" {
        /// `MESSAGE_ID` is missing or no positive whole number.
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
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required("MESSAGE_ID", ParamType::Integer, "The message."),
        ParamSpec::optional(
            "COMPLETE",
            ParamType::Boolean,
            "`Y` leaves no sign of it, also where it was viewed.",
        ),
        auth::ANY_BOT_ID,
        auth::CLIENT_ID,
    ]];
    type Params = BotCall<(MessageId, Deletion), BotDeleteError>;
    type Output = bool;
    type Error = BotDeleteError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Self::Params, BotDeleteError> {
        Ok(call::read_with(params, own(params)))
    }

    fn call(cx: &mut MethodCx<'_>, call: &Self::Params) -> Answer<Self> {
        let (message, deletion) = *call::enter(cx, call)?;
        delete::delete(&mut cx.app, message, deletion)
            .map_err(|refused| refused.map(|CannotEdit| BotDeleteError::CantEditMessage))?;
        Ok(true.into())
    }
}

fn own(params: &Params) -> Result<(MessageId, Deletion), BotDeleteError> {
    let message = parse::message(params, "MESSAGE_ID").ok_or(BotDeleteError::MessageIdError)?;
    let deletion = if parse::flag(params, "COMPLETE", false) {
        Deletion::Complete
    } else {
        Deletion::ByRule
    };
    Ok((message, deletion))
}
