//! `imbot.v2.Chat.setOwner`: a bot that owns a chat transfers it to a member.
//!
//! The bot becomes an ordinary member.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::owner::{self, OwnerRefusal},
};
use readmark_model::{DialogId, Scope, UserId};

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::auth,
    objects::Done,
    params,
};

/// `imbot.v2.Chat.setOwner`.
pub struct ImbotV2ChatSetOwner;

params! {
    /// Parameters of `imbot.v2.Chat.setOwner`.
    pub struct OwnerParams: BotOwnerError {
        group claim: Claim;
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogId> = "dialogId", lenient;
        /// The new owner, a member.
        required owner: Option<UserId> = "userId", lenient;
    }
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.setOwner`.
    pub enum BotOwnerError {
        /// The bot is not the chat's owner, `userId` is missing or names no member, the owner follows a workgroup, or `dialogId` is
        /// missing or names no chat.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
    }
}

impl Method for ImbotV2ChatSetOwner {
    const NAME: &'static str = "imbot.v2.Chat.setOwner";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Makes a member the owner of a chat that a bot owns.";
    type Params = OwnerParams;
    type Output = Done;
    type Error = BotOwnerError;

    fn call(cx: &mut MethodCx<'_>, params: &OwnerParams) -> Answer<Self> {
        const DENIED: Refused<BotOwnerError> = Refused::Because(BotOwnerError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.ok_or(DENIED)?;
        let id = chat::find(app, dialog)?.ok_or(DENIED)?;
        let owner = params.owner.ok_or(DENIED)?;
        owner::set_owner(app, id, owner).map_err(|refused| {
            refused.map(|reason| match reason {
                OwnerRefusal::NotAvailable | OwnerRefusal::NotOwnerOrMember => {
                    BotOwnerError::AccessDenied
                }
            })
        })?;
        Ok(Done::YES.into())
    }
}
