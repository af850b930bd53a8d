//! `imbot.v2.Chat.User.list`: a bot lists the members of a chat that it is in.
//!
//! What the page leaves open: without `order` they come in the order of their ids, as by `userId`; `id` is the order in which they
//! joined. By `lastSendMessageId` those who never wrote come first. The first known field counts, and a direction other than `DESC`
//! is `ASC`. A `limit` that is no positive whole number is 50, one above 200 is 200. There is no next page, as the method has none.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::people::{self, MemberOrder},
};
use readmark_model::Scope;

use crate::{
    bot_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse::{self, DialogParam},
    },
    methods::bot_v2::auth,
    objects::user::V2User,
    wire::{Field, Params},
};

/// Users where no `limit` is given.
const DEFAULT_LIMIT: i64 = 50;
/// So many users at most.
const MAX_LIMIT: i64 = 200;

/// See the module.
pub struct ImbotV2ChatUserList;

/// Parameters.
pub struct ListParams {
    claim: Claim,
    dialog: Option<DialogParam>,
    order: MemberOrder,
    descending: bool,
    limit: i64,
}

bot_error_set! {
    /// Errors of `imbot.v2.Chat.User.list`.
    pub enum BotMembersError {
        /// The bot is not in the chat, or `dialogId` is missing or names no chat.
        AccessDenied = 403 "ACCESS_DENIED" "Access denied",
    }
}

impl Method for ImbotV2ChatUserList {
    const NAME: &'static str = "imbot.v2.Chat.User.list";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists the members of a chat that a bot is in.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        auth::BOT_TOKEN,
        auth::DIALOG_ID,
        ParamSpec::optional(
            "order",
            ParamType::Object,
            "`userId`, `id`, the order of joining, or `lastSendMessageId`: `ASC` or `DESC`.",
        ),
        ParamSpec::optional(
            "limit",
            ParamType::Integer,
            "How many: 1 to 200; 50 when left out.",
        ),
    ]];
    type Params = ListParams;
    type Output = Vec<V2User>;
    type Error = BotMembersError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<ListParams, BotMembersError> {
        let (order, descending) = order(params.get("order"));
        Ok(ListParams {
            claim: auth::claim(params),
            dialog: parse::dialog(params, "dialogId"),
            order,
            descending,
            limit: parse::limit(params, "limit", DEFAULT_LIMIT, MAX_LIMIT),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &ListParams) -> Answer<Self> {
        const DENIED: Refused<BotMembersError> = Refused::Because(BotMembersError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.as_ref().ok_or(DENIED)?;
        let id = chat::find(app, dialog.id)?.ok_or(DENIED)?;
        let users = people::list_first(app, id, params.order, params.descending, params.limit)?;
        let users = users.iter().map(|user| V2User::new(user, cx.portal));
        Ok(users.collect::<Vec<_>>().into())
    }
}

/// The order, and whether it is descending.
fn order(field: Field<'_>) -> (MemberOrder, bool) {
    for (name, direction) in field.as_map().unwrap_or_default().iter() {
        let order = match name.replace('_', "").to_ascii_lowercase().as_str() {
            "id" => MemberOrder::Joined,
            "userid" => MemberOrder::User,
            "lastsendmessageid" => MemberOrder::LastSent,
            _ => continue,
        };
        let direction = direction.as_text().unwrap_or_default();
        return (order, direction.trim().eq_ignore_ascii_case("DESC"));
    }
    (MemberOrder::default(), false)
}
