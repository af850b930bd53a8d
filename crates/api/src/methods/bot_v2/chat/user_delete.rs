//! `imbot.v2.Chat.User.delete`: a bot removes a member from a chat (rule R6).
//!
//! Somebody who is no member is already gone: `true`, where the bot has the right to remove members. The bot's own id makes it
//! leave.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::depart::{self, DepartRefusal},
};
use readmark_model::{Scope, UserId};

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
pub struct ImbotV2ChatUserDelete;

/// Parameters.
pub struct RemoveParams {
    claim: Claim,
    dialog: Option<DialogParam>,
    user: Option<UserId>,
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.User.delete`.
    pub enum BotRemoveError {
        /// The bot is not in the chat or has no right to remove members, or not this one, members of such a chat are fixed, or
        /// `dialogId` or `userId` is missing or malformed or `dialogId` names no chat.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
    }
}

impl Method for ImbotV2ChatUserDelete {
    const NAME: &'static str = "imbot.v2.Chat.User.delete";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Removes a member from a chat as a bot.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        auth::BOT_TOKEN,
        auth::DIALOG_ID,
        ParamSpec::required("userId", ParamType::Integer, "Who is to be removed."),
    ]];
    type Params = RemoveParams;
    type Output = Done;
    type Error = BotRemoveError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<RemoveParams, BotRemoveError> {
        Ok(RemoveParams {
            claim: auth::claim(params),
            dialog: parse::dialog(params, "dialogId"),
            user: parse::user(params, "userId"),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &RemoveParams) -> Answer<Self> {
        const DENIED: Refused<BotRemoveError> = Refused::Because(BotRemoveError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.as_ref().ok_or(DENIED)?;
        let id = chat::find(app, dialog.id)?.ok_or(DENIED)?;
        let user = params.user.ok_or(DENIED)?;
        match depart::remove(app, id, user) {
            Ok(()) | Err(Refused::Because(DepartRefusal::NotMember)) => {}
            Err(refused) => return Err(refused.map(|_| BotRemoveError::AccessDenied)),
        }
        Ok(Done::YES.into())
    }
}
