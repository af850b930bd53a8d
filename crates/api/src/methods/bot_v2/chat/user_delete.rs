//! `imbot.v2.Chat.User.delete`: a bot removes a member from a chat (rule R6).
//!
//! For a user who is not a member the answer is `true` if the bot may remove members. With its own id the bot leaves.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::depart::{self, DepartRefusal},
};
use readmark_model::{DialogId, Scope, UserId};

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::auth,
    objects::Done,
    params,
};

/// `imbot.v2.Chat.User.delete`.
pub struct ImbotV2ChatUserDelete;

params! {
    /// Parameters of `imbot.v2.Chat.User.delete`.
    pub struct RemoveParams: BotRemoveError {
        group claim: Claim;
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogId> = "dialogId", lenient;
        /// Who is to be removed.
        required user: Option<UserId> = "userId", lenient;
    }
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
    type Params = RemoveParams;
    type Output = Done;
    type Error = BotRemoveError;

    fn call(cx: &mut MethodCx<'_>, params: &RemoveParams) -> Answer<Self> {
        const DENIED: Refused<BotRemoveError> = Refused::Because(BotRemoveError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.ok_or(DENIED)?;
        let id = chat::find(app, dialog)?.ok_or(DENIED)?;
        let user = params.user.ok_or(DENIED)?;
        match depart::remove(app, id, user) {
            Ok(()) | Err(Refused::Because(DepartRefusal::NotMember)) => {}
            Err(refused) => return Err(refused.map(|_| BotRemoveError::AccessDenied)),
        }
        Ok(Done::YES.into())
    }
}
