//! `imbot.v2.Chat.User.list`: a bot lists the members of a chat that it is in.
//!
//! What the page leaves open: without `order` members are ordered by user id, as by `userId`; `id` is the order of joining. By
//! `lastSendMessageId` those who never wrote come first. The first known field is used, and a direction other than `DESC` is `ASC`. A
//! `limit` that is not a positive whole number is 50, one above 200 is 200. There is no next page, as the method has none.

use readmark_app::{
    Refused,
    bot::{access::Claim, chat},
    chat::people::{self, MemberOrder},
};
use readmark_model::{DialogId, Scope};

use crate::{
    bot_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{ParamSpec, ParamType, ReadCx},
    },
    methods::bot_v2::auth,
    objects::user::V2User,
    params,
    wire::Field,
};

/// Default page size.
const DEFAULT_LIMIT: i64 = 50;
/// Maximum page size.
const MAX_LIMIT: i64 = 200;

/// `imbot.v2.Chat.User.list`.
pub struct ImbotV2ChatUserList;

params! {
    /// Parameters of `imbot.v2.Chat.User.list`.
    pub struct ListParams: BotMembersError {
        group claim: Claim;
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: Option<DialogId> = "dialogId", lenient;
        /// By what they are ordered: the first member that is known counts.
        optional order: Order = "order", by(order), kind(ParamType::Members(ORDER));
        /// How many: 1 to 200; 50 when left out.
        optional limit: i64 = "limit", limit(DEFAULT_LIMIT, MAX_LIMIT);
    }
}

/// The members of `order`; the first known one is used.
const ORDER: &[ParamSpec] = &[
    ParamSpec::optional(
        "userId",
        ParamType::String,
        "By the ids of users: `ASC` or `DESC`.",
    ),
    ParamSpec::optional(
        "id",
        ParamType::String,
        "By when they joined: `ASC` or `DESC`.",
    ),
    ParamSpec::optional(
        "lastSendMessageId",
        ParamType::String,
        "By their last messages: `ASC` or `DESC`.",
    ),
];

/// Order of the members.
#[derive(Clone, Copy, Debug, Default)]
pub struct Order {
    by: MemberOrder,
    descending: bool,
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
    type Params = ListParams;
    type Output = Vec<V2User>;
    type Error = BotMembersError;

    fn call(cx: &mut MethodCx<'_>, params: &ListParams) -> Answer<Self> {
        const DENIED: Refused<BotMembersError> = Refused::Because(BotMembersError::AccessDenied);
        auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let app = &mut cx.app;
        let dialog = params.dialog.ok_or(DENIED)?;
        let id = chat::find(app, dialog)?.ok_or(DENIED)?;
        let Order { by, descending } = params.order;
        let users = people::list_first(app, id, by, descending, params.limit)?;
        let users = users.iter().map(|user| V2User::new(user, cx.portal));
        Ok(users.collect::<Vec<_>>().into())
    }
}

fn order(field: Field<'_>, _: &ReadCx<'_>) -> Result<Order, NoError> {
    for (name, direction) in field.as_map().unwrap_or_default().iter() {
        let by = match name.replace('_', "").to_ascii_lowercase().as_str() {
            "id" => MemberOrder::Joined,
            "userid" => MemberOrder::User,
            "lastsendmessageid" => MemberOrder::LastSent,
            _ => continue,
        };
        let direction = direction.as_text().unwrap_or_default();
        let descending = direction.trim().eq_ignore_ascii_case("DESC");
        return Ok(Order { by, descending });
    }
    Ok(Order::default())
}
