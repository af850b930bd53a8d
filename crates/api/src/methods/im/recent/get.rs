//! `im.recent.get`: the caller's recent chats, whole or what changed since a date (rule R10).

use readmark_app::recent::list::{self, Filter};
use readmark_model::{Scope, Timestamp};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError, ParamSpec, ParamType},
        parse,
    },
    objects::recent::RecentEntry,
    wire::Params,
};

/// Changes are told for no longer than this: seven days, in milliseconds.
const SYNC_PERIOD: i64 = 7 * 24 * 60 * 60 * 1000;

/// See the module.
pub struct ImRecentGet;

/// Parameters. Dates wait for the portal's time zone.
pub struct RecentParams {
    params: Params,
    filter: Filter,
}

impl Method for ImRecentGet {
    const NAME: &'static str = "im.recent.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists the caller's recent chats.";
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::optional(
            "SKIP_OPENLINES",
            ParamType::String,
            "`Y` leaves out open lines; there are none here.",
        ),
        ParamSpec::optional(
            "SKIP_CHAT",
            ParamType::String,
            "`Y` leaves out group chats.",
        ),
        ParamSpec::optional(
            "SKIP_DIALOG",
            ParamType::String,
            "`Y` leaves out private chats.",
        ),
        ParamSpec::optional(
            "LAST_UPDATE",
            ParamType::DateTime,
            "Only chats updated since.",
        ),
        ParamSpec::optional(
            "ONLY_OPENLINES",
            ParamType::String,
            "`Y` leaves only open lines; there are none here.",
        ),
        ParamSpec::optional(
            "LAST_SYNC_DATE",
            ParamType::DateTime,
            "Only changes since, of the last seven days.",
        ),
    ]];
    type Params = RecentParams;
    type Output = Vec<RecentEntry>;
    type Error = NoError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<RecentParams, NoError> {
        let lines_only = parse::flag(params, "ONLY_OPENLINES", false);
        let filter = Filter {
            skip_private: lines_only || parse::flag(params, "SKIP_DIALOG", false),
            skip_groups: lines_only || parse::flag(params, "SKIP_CHAT", false),
            limit: usize::MAX,
            ..Filter::default()
        };
        Ok(RecentParams {
            params: params.clone(),
            filter,
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &RecentParams) -> Answer<Self> {
        let mut filter = params.filter.clone();
        let oldest = Timestamp(cx.app.now.get() - SYNC_PERIOD);
        let synced = parse::date(&params.params, "LAST_SYNC_DATE", cx.portal);
        filter.changed_since = parse::date(&params.params, "LAST_UPDATE", cx.portal)
            .into_iter()
            .chain(synced.map(|since| since.max(oldest)))
            .max();
        let page = list::list(&mut cx.app, &filter)?;
        let entries: Result<Vec<_>, _> = page
            .items
            .into_iter()
            .map(|item| RecentEntry::new(cx, item, false))
            .collect();
        Ok(entries?.into())
    }
}
