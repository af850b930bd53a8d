//! `imbot.v2.Chat.User.add`: a bot adds members to a chat.
//!
//! The chat's permissions decide who may, for bots as for people. Existing members, unknown or dismissed users and invalid ids are
//! skipped. New members see the history.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::invite::{self, InviteRefusal},
};
use readmark_model::{DialogId, Scope, UserId};

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::auth,
    objects::Done,
    params,
};

/// `imbot.v2.Chat.User.add`.
pub struct ImbotV2ChatUserAdd;

params! {
    /// Parameters of `imbot.v2.Chat.User.add`.
    pub struct AddParams: BotInviteError {
        group claim: Claim;
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogId> = "dialogId", lenient;
        /// Who is to be added.
        required users: Vec<UserId> = "userIds", typed;
    }
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
    type Params = AddParams;
    type Output = Done;
    type Error = BotInviteError;

    fn call(cx: &mut MethodCx<'_>, params: &AddParams) -> Answer<Self> {
        const DENIED: Refused<BotInviteError> = Refused::Because(BotInviteError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.ok_or(DENIED)?;
        // Locked, or a bot that is being removed could join an open chat by itself.
        let id = chat::lock_exclusive(app, dialog)?.ok_or(DENIED)?;
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
