//! `imbot.v2.Chat.leave`: a bot leaves a chat (rule R6).
//!
//! If the owner leaves, ownership passes on, as with people. Private chats and those of a workgroup cannot be left.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::depart::{self, DepartRefusal},
};
use readmark_model::{DialogId, Scope};

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::auth,
    objects::Done,
    params,
};

/// `imbot.v2.Chat.leave`.
pub struct ImbotV2ChatLeave;

params! {
    /// Parameters of `imbot.v2.Chat.leave`.
    pub struct LeaveParams: BotLeaveError {
        group claim: Claim;
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogId> = "dialogId", lenient;
    }
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.leave`.
    pub enum BotLeaveError {
        /// The bot is not in the chat, or cannot leave it: a private one, a workgroup's, or one that its owner cannot leave; or
        /// `dialogId` is missing or names no chat.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
    }
}

impl Method for ImbotV2ChatLeave {
    const NAME: &'static str = "imbot.v2.Chat.leave";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Makes a bot leave a chat.";
    type Params = LeaveParams;
    type Output = Done;
    type Error = BotLeaveError;

    fn call(cx: &mut MethodCx<'_>, params: &LeaveParams) -> Answer<Self> {
        const DENIED: Refused<BotLeaveError> = Refused::Because(BotLeaveError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.ok_or(DENIED)?;
        let id = chat::find(app, dialog)?.ok_or(DENIED)?;
        depart::leave(app, id).map_err(|refused| {
            refused.map(|reason| match reason {
                DepartRefusal::NotAvailable
                | DepartRefusal::Fixed
                | DepartRefusal::NoRight
                | DepartRefusal::OwnerStays
                | DepartRefusal::NotMember => BotLeaveError::AccessDenied,
            })
        })?;
        Ok(Done::YES.into())
    }
}
