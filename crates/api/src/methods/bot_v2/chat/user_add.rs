//! `imbot.v2.Chat.User.add`: a bot adds members to a chat.
//!
//! Who has the right to is said by the chat's permissions, for bots as for people. Members and users who are unknown or dismissed
//! are passed over, and so is what is no id. New members see the history.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::invite::{self, InviteRefusal},
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
pub struct ImbotV2ChatUserAdd;

/// Parameters.
pub struct AddParams {
    claim: Claim,
    dialog: Option<DialogParam>,
    users: Vec<UserId>,
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.User.add`.
    pub enum BotInviteError {
        /// The bot is not in the chat or has no right to add members, nobody can be added to such a chat, or `dialogId` is missing
        /// or names no chat.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
    }
}

impl Method for ImbotV2ChatUserAdd {
    const NAME: &'static str = "imbot.v2.Chat.User.add";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Adds members to a chat as a bot.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        auth::BOT_TOKEN,
        auth::DIALOG_ID,
        ParamSpec::required("userIds", ParamType::Array, "Who is to be added."),
    ]];
    type Params = AddParams;
    type Output = Done;
    type Error = BotInviteError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<AddParams, BotInviteError> {
        Ok(AddParams {
            claim: auth::claim(params),
            dialog: parse::dialog(params, "dialogId"),
            users: parse::users(params, "userIds"),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &AddParams) -> Answer<Self> {
        const DENIED: Refused<BotInviteError> = Refused::Because(BotInviteError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.as_ref().ok_or(DENIED)?;
        // Held, as else a bot that is removed meanwhile could join an open chat by itself.
        let id = chat::lock_exclusive(app, dialog.id)?.ok_or(DENIED)?;
        invite::invite(app, id, &params.users, true).map_err(|refused| {
            refused.map(|reason| match reason {
                InviteRefusal::NotAvailable | InviteRefusal::Fixed | InviteRefusal::NoRight => {
                    BotInviteError::AccessDenied
                }
            })
        })?;
        Ok(Done::YES.into())
    }
}
