//! `im.recent.list`: the caller's recent chats, in pages (rule R10).

use readmark_app::recent::list::{self, Filter};
use readmark_model::{Scope, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError, ParamSpec, ParamType, Reply},
        parse,
    },
    objects::recent::RecentEntry,
    wire::Params,
};

/// Chats on a page.
const PAGE: i64 = 50;
/// Chats on the largest page.
const MAX_PAGE: i64 = 200;

/// See the module.
pub struct ImRecentList;

/// Parameters. Dates wait for the portal's time zone.
pub struct ListParams {
    params: Params,
    filter: Filter,
    original: bool,
    nothing: bool,
}

/// `copilot`: there is none here.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CopilotObject {
    /// No chats.
    pub chats: Option<i64>,
    /// No messages.
    pub messages: Option<i64>,
    /// No roles.
    pub roles: [i64; 0],
    /// No roles to recommend.
    pub recommended_roles: [i64; 0],
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecentPage {
    /// Pinned chats first, then by their last activity.
    pub items: Vec<RecentEntry>,
    /// Whether more follow.
    pub has_more_pages: bool,
    /// The same.
    pub has_more: bool,
    /// There is none here.
    pub copilot: CopilotObject,
    /// Messages do not delete themselves here.
    pub messages_auto_delete_configs: [i64; 0],
}

impl Method for ImRecentList {
    const NAME: &'static str = "im.recent.list";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists the caller's recent chats in pages.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "SKIP_OPENLINES",
            ParamType::String,
            "`Y` leaves out open lines; there are none here.",
        ),
        ParamSpec::optional(
            "SKIP_DIALOG",
            ParamType::String,
            "`Y` leaves out private chats.",
        ),
        ParamSpec::optional(
            "SKIP_CHAT",
            ParamType::String,
            "`Y` leaves out group chats.",
        ),
        ParamSpec::optional(
            "LAST_MESSAGE_DATE",
            ParamType::DateTime,
            "Only chats with the last activity up to then.",
        ),
        ParamSpec::optional(
            "UNREAD_ONLY",
            ParamType::String,
            "`Y` leaves only chats that are unread.",
        ),
        ParamSpec::optional(
            "PARSE_TEXT",
            ParamType::String,
            "Texts come without BB codes either way.",
        ),
        ParamSpec::optional(
            "GET_ORIGINAL_TEXT",
            ParamType::String,
            "`Y` answers texts as they were sent.",
        ),
        ParamSpec::optional(
            "SKIP_UNDISTRIBUTED_OPENLINES",
            ParamType::String,
            "`Y` leaves out waiting open lines; there are none here.",
        ),
        ParamSpec::optional(
            "ONLY_COPILOT",
            ParamType::String,
            "`Y` leaves only chats with an assistant: none here.",
        ),
        ParamSpec::optional(
            "ONLY_CHANNEL",
            ParamType::String,
            "`Y` leaves only channels.",
        ),
        ParamSpec::optional(
            "CAN_MANAGE_MESSAGES",
            ParamType::String,
            "`Y` leaves only chats whose messages the caller may manage.",
        ),
        ParamSpec::optional(
            "OFFSET",
            ParamType::Integer,
            "Chats to be passed over; 0 when left out.",
        ),
        ParamSpec::optional(
            "LIMIT",
            ParamType::Integer,
            "Chats on a page: 50 when left out, 200 at most.",
        ),
    ]];
    type Params = ListParams;
    type Output = RecentPage;
    type Error = NoError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<ListParams, NoError> {
        let flag = |name| parse::flag(params, name, false);
        let filter = Filter {
            skip_private: flag("SKIP_DIALOG"),
            skip_groups: flag("SKIP_CHAT"),
            unread_only: flag("UNREAD_ONLY"),
            channels_only: flag("ONLY_CHANNEL"),
            manageable_only: flag("CAN_MANAGE_MESSAGES"),
            offset: parse::positive(params, "OFFSET")
                .map_or(0, |offset| usize::try_from(offset).unwrap_or(usize::MAX)),
            limit: usize::try_from(parse::limit(params, "LIMIT", PAGE, MAX_PAGE)).unwrap_or(0),
            ..Filter::default()
        };
        Ok(ListParams {
            params: params.clone(),
            filter,
            original: flag("GET_ORIGINAL_TEXT"),
            nothing: flag("ONLY_COPILOT"),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &ListParams) -> Answer<Self> {
        let mut filter = params.filter.clone();
        // Times are written without their milliseconds: everything within the given second follows.
        filter.active_until = parse::date(&params.params, "LAST_MESSAGE_DATE", cx.portal)
            .map(|until| Timestamp(until.get().saturating_add(999)));
        if params.nothing {
            filter.limit = 0;
        }
        let page = list::list(&mut cx.app, &filter)?;
        let items: Result<Vec<_>, _> = page
            .items
            .into_iter()
            .map(|item| RecentEntry::new(cx, item, params.original))
            .collect();
        let has_more = page.has_more && !params.nothing;
        let result = RecentPage {
            items: items?,
            has_more_pages: has_more,
            has_more,
            copilot: CopilotObject {
                chats: None,
                messages: None,
                roles: [],
                recommended_roles: [],
            },
            messages_auto_delete_configs: [],
        };
        // Counting is skipped, as documented.
        Ok(Reply {
            result,
            total: Some(-1),
            next: None,
        })
    }
}
