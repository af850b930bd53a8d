//! `im.recent.list`: the caller's recent chats, in pages (rule R10).

use readmark_app::recent::list::{self, Filter};
use readmark_model::{Scope, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError, Reply},
        params::{Ignored, ParamType},
    },
    objects::recent::RecentEntry,
    params,
};

/// Default page size.
const PAGE: i64 = 50;
/// Maximum page size.
const MAX_PAGE: i64 = 200;

/// `im.recent.list`.
pub struct ImRecentList;

params! {
    /// Parameters of `im.recent.list`.
    pub struct ListParams: NoError {
        /// `Y` leaves out open lines; there are none here.
        optional _skip_lines: Ignored = "SKIP_OPENLINES", ignored(ParamType::String);
        /// `Y` leaves out private chats.
        optional skip_dialogs: bool = "SKIP_DIALOG", yes_no(false);
        /// `Y` leaves out group chats.
        optional skip_chats: bool = "SKIP_CHAT", yes_no(false);
        /// Only chats with the last activity up to then.
        optional active_until: Option<Timestamp> = "LAST_MESSAGE_DATE", typed;
        /// `Y` leaves only chats that are unread.
        optional unread_only: bool = "UNREAD_ONLY", yes_no(false);
        /// Has no effect: texts come without BB codes either way.
        optional _parse_text: Ignored = "PARSE_TEXT", ignored(ParamType::String);
        /// `Y` answers texts as they were sent.
        optional original: bool = "GET_ORIGINAL_TEXT", yes_no(false);
        /// `Y` leaves out waiting open lines; there are none here.
        optional _skip_waiting_lines: Ignored = "SKIP_UNDISTRIBUTED_OPENLINES", ignored(ParamType::String);
        /// `Y` leaves only chats with an assistant: none here.
        optional only_assistants: bool = "ONLY_COPILOT", yes_no(false);
        /// `Y` leaves only channels.
        optional only_channels: bool = "ONLY_CHANNEL", yes_no(false);
        /// `Y` leaves only chats whose messages the caller may manage.
        optional only_manageable: bool = "CAN_MANAGE_MESSAGES", yes_no(false);
        /// Chats to skip; 0 when left out.
        optional offset: i64 = "OFFSET", default(0);
        /// Chats on a page: 50 when left out, 200 at most.
        optional limit: i64 = "LIMIT", limit(PAGE, MAX_PAGE);
    }
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
    type Params = ListParams;
    type Output = RecentPage;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &ListParams) -> Answer<Self> {
        // Times are written without milliseconds, so everything within the given second follows.
        let second = |until: Timestamp| Timestamp(until.get().saturating_add(999));
        let limit = if params.only_assistants {
            0
        } else {
            params.limit
        };
        let filter = Filter {
            skip_private: params.skip_dialogs,
            skip_groups: params.skip_chats,
            unread_only: params.unread_only,
            channels_only: params.only_channels,
            manageable_only: params.only_manageable,
            active_until: params.active_until.map(second),
            offset: usize::try_from(params.offset.max(0)).unwrap_or(usize::MAX),
            limit: usize::try_from(limit).unwrap_or(0),
            ..Filter::default()
        };
        let page = list::list(&mut cx.app, &filter)?;
        let items: Result<Vec<_>, _> = page
            .items
            .into_iter()
            .map(|item| RecentEntry::new(cx, item, params.original))
            .collect();
        let has_more = page.has_more && !params.only_assistants;
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
