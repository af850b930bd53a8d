//! `readmark.mention.counters`, an extension of the API: the number of unread messages that mention the caller.

use readmark_app::message::mention;
use readmark_model::Scope;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    wire::EmptyAsList,
};

/// `readmark.mention.counters`.
pub struct ReadmarkMentionCounters;

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MentionCounters {
    /// In all chats that are not hidden from the recent list, muted ones included.
    pub total: i64,
    /// By chat id, where there are any.
    pub chats: EmptyAsList<i64, i64>,
}

impl Method for ReadmarkMentionCounters {
    const NAME: &'static str = "readmark.mention.counters";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Extension: counts the unread messages of others that mention the caller or everybody.";
    type Params = ();
    type Output = MentionCounters;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        let counters = mention::count(&mut cx.app)?;
        Ok(MentionCounters {
            total: counters.total,
            chats: counters
                .by_chat
                .iter()
                .map(|(chat, unread)| (chat.get(), *unread))
                .collect(),
        }
        .into())
    }
}
