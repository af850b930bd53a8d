//! `im.recent.get`: the caller's recent chats, all or those changed since a date (rule R10).

use readmark_app::recent::list::{self, Filter};
use readmark_model::{Scope, Timestamp};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{Ignored, ParamType},
    },
    objects::recent::RecentEntry,
    params,
};

/// Maximum age of reported changes: seven days, in milliseconds.
const SYNC_PERIOD: i64 = 7 * 24 * 60 * 60 * 1000;

/// `im.recent.get`.
pub struct ImRecentGet;

params! {
    /// Parameters of `im.recent.get`.
    pub struct RecentParams: NoError {
        /// `Y` leaves out open lines; there are none here.
        optional _skip_lines: Ignored = "SKIP_OPENLINES", ignored(ParamType::String);
        /// `Y` leaves out group chats.
        optional skip_chats: bool = "SKIP_CHAT", yes_no(false);
        /// `Y` leaves out private chats.
        optional skip_dialogs: bool = "SKIP_DIALOG", yes_no(false);
        /// Only chats updated since.
        optional updated_since: Option<Timestamp> = "LAST_UPDATE", typed;
        /// `Y` leaves only open lines; there are none here.
        optional only_lines: bool = "ONLY_OPENLINES", yes_no(false);
        /// Only changes since, of the last seven days.
        optional synced_at: Option<Timestamp> = "LAST_SYNC_DATE", typed;
    }
}

impl Method for ImRecentGet {
    const NAME: &'static str = "im.recent.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists the caller's recent chats.";
    type Params = RecentParams;
    type Output = Vec<RecentEntry>;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &RecentParams) -> Answer<Self> {
        let oldest = Timestamp(cx.app.now.get() - SYNC_PERIOD);
        let synced = params.synced_at.map(|since| since.max(oldest));
        let filter = Filter {
            skip_private: params.only_lines || params.skip_dialogs,
            skip_groups: params.only_lines || params.skip_chats,
            changed_since: params.updated_since.into_iter().chain(synced).max(),
            limit: usize::MAX,
            ..Filter::default()
        };
        let page = list::list(&mut cx.app, &filter)?;
        let entries: Result<Vec<_>, _> = page
            .items
            .into_iter()
            .map(|item| RecentEntry::new(cx, item, false))
            .collect();
        Ok(entries?.into())
    }
}
