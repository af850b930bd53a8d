//! `imbot.v2.Chat.setOwner`: a bot that owns a chat hands it over to a member.
//!
//! The bot becomes an ordinary member.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::owner::{self, OwnerRefusal},
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
pub struct ImbotV2ChatSetOwner;

/// Parameters.
pub struct OwnerParams {
    claim: Claim,
    dialog: Option<DialogParam>,
    owner: Option<UserId>,
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
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        auth::BOT_TOKEN,
        auth::DIALOG_ID,
        ParamSpec::required("userId", ParamType::Integer, "The new owner, a member."),
    ]];
    type Params = OwnerParams;
    type Output = Done;
    type Error = BotOwnerError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<OwnerParams, BotOwnerError> {
        Ok(OwnerParams {
            claim: auth::claim(params),
            dialog: parse::dialog(params, "dialogId"),
            owner: parse::user(params, "userId"),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &OwnerParams) -> Answer<Self> {
        const DENIED: Refused<BotOwnerError> = Refused::Because(BotOwnerError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.as_ref().ok_or(DENIED)?;
        let id = chat::find(app, dialog.id)?.ok_or(DENIED)?;
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
