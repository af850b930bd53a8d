//! `imbot.v2.Chat.Manager.delete`: a bot that owns a chat makes managers ordinary members.
//!
//! Users who are no managers are passed over; the owner stays owner.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::managers::{self, ManagersRefusal},
};
use readmark_model::{Scope, UserId};

use crate::{
    bot_auth, bot_error_set,
    method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
    objects::Done,
    parse::{self, DialogParam},
    wire::Params,
};

/// See the module.
pub struct ImbotV2ChatManagerDelete;

/// Parameters.
pub struct ManagerParams {
    claim: Claim,
    dialog: Option<DialogParam>,
    users: Vec<UserId>,
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.Manager.delete`.
    pub enum BotManagerDeleteError {
        /// `userIds` is missing, or no positive whole number is in it.
        EmptyUserIds = 400 "EMPTY_USER_IDS" "Empty user IDs",
        /// The bot is not the chat's owner, managers follow a workgroup, or `dialogId` is missing or names no chat.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
    }
}

impl Method for ImbotV2ChatManagerDelete {
    const NAME: &'static str = "imbot.v2.Chat.Manager.delete";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Makes managers of a chat that a bot owns ordinary members.";
    const PARAMS: &'static [ParamSpec] = &[
        bot_auth::BOT_ID,
        bot_auth::BOT_TOKEN,
        bot_auth::DIALOG_ID,
        ParamSpec::required("userIds", ParamType::Array, "The users."),
    ];
    type Params = ManagerParams;
    type Output = Done;
    type Error = BotManagerDeleteError;

    fn parse(params: &Params) -> Result<ManagerParams, BotManagerDeleteError> {
        Ok(ManagerParams {
            claim: bot_auth::claim(params),
            dialog: parse::dialog(params, "dialogId"),
            users: parse::users(params, "userIds"),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &ManagerParams) -> Answer<Self> {
        const DENIED: Refused<BotManagerDeleteError> =
            Refused::Because(BotManagerDeleteError::AccessDenied);
        bot_auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        if params.users.is_empty() {
            return Err(Refused::Because(BotManagerDeleteError::EmptyUserIds));
        }
        let dialog = params.dialog.as_ref().ok_or(DENIED)?;
        let id = chat::find(app, dialog.id)?.ok_or(DENIED)?;
        managers::set(app, id, &params.users, false).map_err(|refused| {
            refused.map(|reason| match reason {
                ManagersRefusal::NotAvailable | ManagersRefusal::NotOwner => {
                    BotManagerDeleteError::AccessDenied
                }
            })
        })?;
        Ok(Done::YES.into())
    }
}
