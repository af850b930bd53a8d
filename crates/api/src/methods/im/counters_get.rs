//! `im.counters.get`: the caller's unread messages in all chats (rules R7, R8, R10).

use readmark_app::counters::{self, Totals};
use readmark_model::{ChatId, Scope, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    wire::EmptyAsList,
};

/// `im.counters.get`.
pub struct ImCountersGet;

/// `TYPE`: the totals. Muted and hidden chats are in none of them.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub struct TypeTotals {
    /// Messages and notifications.
    pub all: i64,
    /// Notifications.
    pub notify: i64,
    /// Messages of chats.
    pub chat: i64,
    /// Messages of open lines: there are none here.
    pub lines: i64,
    /// Messages of private chats.
    pub dialog: i64,
    /// Messages.
    pub messenger: i64,
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub struct CountersObject {
    /// Totals.
    #[serde(rename = "TYPE")]
    pub totals: TypeTotals,
    /// By chat.
    pub chat: EmptyAsList<i64, i64>,
    /// By muted chat, private ones too, by the id of the chat.
    #[serde(rename = "CHAT_MUTED")]
    pub chat_muted: EmptyAsList<i64, i64>,
    /// Chats with the unread flag.
    #[serde(rename = "CHAT_UNREAD")]
    pub chat_unread: Vec<i64>,
    /// By open line: there are none here.
    pub lines: [i64; 0],
    /// By the other user of private chats.
    pub dialog: EmptyAsList<i64, i64>,
    /// Private chats with the unread flag, by the other user.
    #[serde(rename = "DIALOG_UNREAD")]
    pub dialog_unread: Vec<i64>,
}

impl From<Totals> for CountersObject {
    fn from(totals: Totals) -> Self {
        let messenger = totals.chats + totals.dialogs;
        Self {
            totals: TypeTotals {
                all: messenger + totals.notifications,
                notify: totals.notifications,
                chat: totals.chats,
                lines: 0,
                dialog: totals.dialogs,
                messenger,
            },
            chat: totals
                .by_chat
                .into_iter()
                .map(|(chat, count)| (chat.get(), count))
                .collect(),
            chat_muted: totals
                .by_muted_chat
                .into_iter()
                .map(|(chat, count)| (chat.get(), count))
                .collect(),
            chat_unread: totals.flagged_chats.into_iter().map(ChatId::get).collect(),
            lines: [],
            dialog: totals
                .by_dialog
                .into_iter()
                .map(|(user, count)| (user.get(), count))
                .collect(),
            dialog_unread: totals
                .flagged_dialogs
                .into_iter()
                .map(UserId::get)
                .collect(),
        }
    }
}

impl Method for ImCountersGet {
    const NAME: &'static str = "im.counters.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns the caller's unread messages in all chats.";
    type Params = ();
    type Output = CountersObject;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        Ok(CountersObject::from(counters::totals(&mut cx.app)?).into())
    }
}
